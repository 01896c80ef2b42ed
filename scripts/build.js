// `npm run build`: src -> dist, a start file for each phase and one copy of all that they share; the same sources give the same bytes.
// @ts-check
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { rolldown } from 'rolldown';

const ENTRIES = ['main', 'post', 'update', 'observe'];

const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map((entry) => [`${entry}/index`, `src/${entry}.ts`])),
  platform: 'node',
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  transform: { target: 'node20' },
  // @actions/core imports its OIDC client, and with it an HTTP client and all of undici: 70 ms of start time in every job, for a function
  // that is not called.
  treeshake: { moduleSideEffects: [{ test: /[\\/]node_modules[\\/]@actions[\\/]/, sideEffects: false }] },
  onLog(_level, { message }) {
    throw new Error(message);
  },
});
const { output } = await bundle.generate({
  // Node starts a program in CommonJS sooner than one in ESM, and hands it `node:http` without loading fetch and WebSocket.
  format: 'cjs',
  chunkFileNames: '[name].js',
  // One file for what two phases need at once: another file costs more than the few lines that one of them does without.
  codeSplitting: {
    groups: [
      { name: 'shared', tags: ['$initial'], minShareCount: 2 },
      { name: 'yaml', test: /[\\/]node_modules[\\/]yaml[\\/]/ },
    ],
  },
  // Names of functions and classes stay: a program can see them at run time.
  minify: { mangle: { keepNames: true } },
  comments: false,
});
await bundle.close();

const chunks = output.filter((file) => file.type === 'chunk');
// Only a whole build takes the place of the last one.
rmSync('dist', { recursive: true, force: true });
for (const { fileName, code } of chunks) write(fileName, code);
write('package.json', '{"type":"commonjs"}\n');
write('LICENSES.txt', toLicenses(chunks.flatMap(({ moduleIds }) => moduleIds)));

/**
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  mkdirSync(dirname(`dist/${name}`), { recursive: true });
  writeFileSync(`dist/${name}`, text);
}

/**
 * The licenses of the packages that modules belong to.
 * @param {string[]} modules
 */
function toLicenses(modules) {
  const names = modules.flatMap((id) => /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(id)?.[1] ?? []);
  const texts = [...new Set(names)].sort().map((name) => {
    const { license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
    const file = readdirSync(`node_modules/${name}`).find((one) => /^licen[cs]e/i.test(one));
    return [name, license, ...(file ? [readFileSync(`node_modules/${name}/${file}`, 'utf8').trim()] : [])].join('\n');
  });
  return `${texts.join('\n\n')}\n`;
}
