import { post } from './phases/post.js';
import { run } from './runtime.js';

await run(post);
