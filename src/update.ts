import { run } from './runtime.js';
import { reportUpdate } from './updating.js';

await run(reportUpdate);
