import { reportFinal } from './phases/post.js';
import { run } from './runtime.js';

await run(reportFinal);
