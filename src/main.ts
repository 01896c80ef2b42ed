import { main } from './phases/main.js';
import { run } from './runtime.js';

void run(main);
