import { reportFinal } from './final.js';
import { run } from './runtime.js';

await run(reportFinal);
