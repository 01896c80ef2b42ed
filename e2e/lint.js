// `npm run lint:workflows`: actionlint, as install.sh installs it, over the repository's own workflows. Those of this folder are left
// out, because people's workflows may be wrong and so are some of these.
// @ts-check
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BIN } from './runners.js';

const root = join(import.meta.dirname, '..');
const files = ['.github', '.gitea', '.forgejo'].flatMap((server) =>
  readdirSync(join(root, server, 'workflows')).map((name) => join(server, 'workflows', name)),
);
const { status, error } = spawnSync(join(BIN, 'actionlint'), files, { cwd: root, stdio: 'inherit' });
if (error) console.log(`actionlint can't be started (${error.message}): e2e/install.sh installs it`);
else if (status === 0) console.log(`${files.join(', ')}: nothing to object to`);
process.exitCode = status ?? 1;
