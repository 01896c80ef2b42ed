import { update } from './phases/update.js';
import { run } from './runtime.js';

void run(update);
