import { reportRunning } from './running.js';
import { run } from './runtime.js';

await run(reportRunning);
