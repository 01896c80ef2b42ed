// `npm run build`: src -> lib (tsc) -> dist (ncc), one folder an entry; the same sources give the same bytes.
// @ts-check
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const ENTRIES = ['main', 'post', 'update', 'observe'];
const require = createRequire(import.meta.url);
const ncc = require.resolve('@vercel/ncc/dist/ncc/cli.js');
const tsc = require.resolve('typescript/bin/tsc');

/** @param {string[]} args */
const node = (...args) => execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });

rmSync('lib', { recursive: true, force: true });
node(tsc, '-p', 'tsconfig.build.json');
offerCoreWithoutSideEffects();
for (const entry of ENTRIES) node(ncc, 'build', `lib/${entry}.js`, '--out', `lib/dist/${entry}`, '--minify', '--license', 'LICENSES.txt');
// Only a whole build takes the place of the last one.
rmSync('dist', { recursive: true, force: true });
renameSync('lib/dist', 'dist');

/**
 * @actions/core imports its OIDC client, and with it an HTTP client and all of undici: 70 ms of start time in every job, for a function
 * that is not called. A copy that says it has no side effects lets the bundler leave that out; the bundler finds this copy first.
 */
function offerCoreWithoutSideEffects() {
  const copy = 'lib/node_modules/@actions/core';
  mkdirSync(copy, { recursive: true });
  cpSync('node_modules/@actions/core', copy, { recursive: true });
  const manifest = JSON.parse(readFileSync(`${copy}/package.json`, 'utf8'));
  writeFileSync(`${copy}/package.json`, JSON.stringify({ ...manifest, sideEffects: false }));
}
