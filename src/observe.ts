import { observe } from './phases/observe.js';
import { run } from './runtime.js';

void run(observe);
