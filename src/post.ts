import { post } from './phases/post.js';
import { run } from './runtime.js';

void run(post);
