import { reportObserved } from './observing.js';
import { run } from './runtime.js';

await run(reportObserved);
