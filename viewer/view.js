// @ts-check
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readLog } from './server/log-file.js';
import { addressesOf, isLoopback, toUrl } from './server/host.js';
import { isWatched, openBrowser } from './server/open.js';
import { startViewer } from './server/server.js';

/** @typedef {import('./intake/failure.js').Failure} Failure */

const HELP = `Usage: npm run view -- [options] [LOG...]

Starts an intake with a page that shows what is sent to it, as Datadog would, live. No account, no install.
Give the address that it prints to the action as \`intake-url\`, and any text as \`api-key\`.

LOG   the log of a job: the dry runs and the undelivered payloads in it are shown; - reads the standard input.

  --port PORT   port to listen on (8125; any free one with 0)
  --host HOST   address or name to listen on (127.0.0.1, which only this machine reaches)
  --fail HOW    answer otherwise than an intake: a status such as 503, slow, silent, dies, or redirect;
                several times: the first requests get these, the next ones the usual answer
  --html FILE   write what the logs hold as one page to FILE, and end
  --no-open     don't open a browser
  --help        show this
`;

const ARGUMENTS = /** @type {const} */ ({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '8125' },
    host: { type: 'string', default: '127.0.0.1' },
    fail: { type: 'string', multiple: true },
    html: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main() {
  const { values, positionals } = parseArgs(ARGUMENTS);
  if (values.help) return void process.stdout.write(HELP);
  const fails = values.fail?.map((word) => /** @type {Failure} */ (Number(word) || word)) ?? [];
  const viewer = await startViewer({
    port: values.html === undefined ? Number(values.port) : 0,
    host: values.host,
    fail: fails.length > 1 ? fails : fails[0],
    onRequest: ({ method, path, status, elements, logs, problems }) => {
      const what = logs.length > 0 ? `${logs.length} lines of logs` : `${elements.length} events`;
      console.log(`${method} ${JSON.stringify(path)}: ${what}, answered ${status ?? 'nothing'}`);
      for (const problem of problems.flat()) console.log(`  problem: ${JSON.stringify(problem)}`);
    },
  });
  for (const file of positionals) show(file, viewer);
  if (values.html !== undefined) {
    const data = { records: viewer.store.records(), isLive: false, now: Date.now() };
    await writeFile(values.html, viewer.page.render(data));
    await viewer.close();
    return console.log(`Open ${pathToFileURL(resolve(values.html))}`);
  }
  const urls = tell(viewer, values.host);
  if (isWatched(process.env, process.stdout) && !values['no-open']) openBrowser(urls[0] ?? viewer.url);
}

/**
 * @param {string} file
 * @param {import('./server/server.js').Viewer} viewer
 */
function show(file, { store }) {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  const records = readLog(text, file === '-' ? 'standard input' : basename(file));
  store.add(records);
  const events = records.filter(({ kind }) => kind === 'event').length;
  if (events === 0) console.error(`${file} holds no payload: was the job a dry run (dry-run: true)?`);
  else console.log(`${file}: ${events} events`);
}

/**
 * @param {import('./server/server.js').Viewer} viewer
 * @param {string} host
 * @returns {string[]} the addresses at which it is reached, that of this machine first
 */
function tell({ url, port }, host) {
  if (isLoopback(host)) {
    console.log(`Open ${url}\nOnly this machine reaches it. Ctrl+C ends it.`);
    return [url];
  }
  const own = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const isAny = own === '0.0.0.0' || own === '::';
  const urls = [...(isAny ? ['127.0.0.1'] : []), ...addressesOf(own)].map((address) => toUrl(address, port));
  console.log(`Open ${urls.join(' or ')}`);
  console.log(
    'Everybody who reaches this machine there can now read all that is sent here (names, branches, commit messages,\n' +
      'tags, logs), and send to it. There is no password and no encryption. Ctrl+C ends it.',
  );
  return urls;
}

await main().catch((error) => {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  console.error(code === 'EADDRINUSE' ? 'The port is taken: choose another with --port.' : message);
  process.exit(1);
});
