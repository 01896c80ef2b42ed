import { observe } from './phases/observe.js';
import { run } from './runtime.js';

await run(observe);
