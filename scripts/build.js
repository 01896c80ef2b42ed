// `npm run build`: src -> lib (tsc) -> dist (ncc), one folder an entry; the same sources give the same bytes.
// @ts-check
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { minifySync } from '@swc/core';

const ENTRIES = ['main', 'post', 'update', 'observe'];
const require = createRequire(import.meta.url);
const ncc = require.resolve('@vercel/ncc/dist/ncc/cli.js');
const tsc = require.resolve('typescript/bin/tsc');

/** @param {string[]} args */
const node = (...args) => execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });

rmSync('lib', { recursive: true, force: true });
node(tsc, '-p', 'tsconfig.build.json');
offerCoreWithoutSideEffects();
for (const entry of ENTRIES) {
  const stats = `lib/${entry}.stats.json`;
  node(ncc, 'build', `lib/${entry}.js`, '--out', `lib/dist/${entry}`, '--stats-out', stats);
  writeFileSync(`lib/dist/${entry}/LICENSES.txt`, toLicenses(JSON.parse(readFileSync(stats, 'utf8')).modules));
}
dropWhatIsNotUsed();
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

/**
 * ncc's own minifier only shortens names, and only in the first file of a bundle: all of zod would be read and set up in every job. Names that
 * a program can see at run time stay.
 */
function dropWhatIsNotUsed() {
  const names = { keep_classnames: true, keep_fnames: true };
  const options = /** @type {const} */ ({ module: true, compress: names, mangle: names, format: { comments: false } });
  for (const file of readdirSync('lib/dist', { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const path = join('lib/dist', file);
    writeFileSync(path, minifySync(readFileSync(path, 'utf8'), options).code);
  }
}

/**
 * The licenses of the packages whose code is in a bundle. ncc's own list leaves out those that it has put into one scope with ours.
 * @param {Module[]} modules
 */
function toLicenses(modules) {
  const texts = [...new Set(modules.flatMap(toPackages))].sort().map((name) => {
    const { license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
    const file = readdirSync(`node_modules/${name}`).find((one) => /^licen[cs]e/i.test(one));
    return [name, license, ...(file ? [readFileSync(`node_modules/${name}/${file}`, 'utf8').trim()] : [])].join('\n');
  });
  return `${texts.join('\n\n')}\n`;
}

/** @typedef {{ name?: string, modules?: Module[] }} Module as webpack tells of it */

/**
 * @param {Module} module
 * @returns {string[]}
 */
function toPackages({ name = '', modules = [] }) {
  const [, own] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name) ?? [];
  return [...(own ? [own] : []), ...modules.flatMap(toPackages)];
}
