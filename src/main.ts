import { reportRunning } from './phases/main.js';
import { run } from './runtime.js';

await run(reportRunning);
