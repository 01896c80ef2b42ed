import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { toCurl } from '../../../src/delivery/undelivered.js';
import { aJobEvent, aPipelineEvent } from '../../support/builders.js';

/** What a shell makes of the command: the arguments of curl, the key in them, and its standard input. */
function runInShell(command: string): { args: string[]; input: string } {
  const script = `curl() { printf '%s\\0' "$@"; printf '\\0'; cat; }\n${command}\n`;
  const printed = execFileSync('sh', ['-c', script], {
    env: { PATH: process.env['PATH'], DD_API_KEY: 'the key' },
    encoding: 'utf8',
  });
  const [args = '', input = ''] = printed.split('\0\0');
  return { args: args.split('\0'), input };
}

test.each<[string, string, string]>([
  ['plain', 'https://api.datadoghq.eu', 'CI'],
  ['quotes', "https://proxy.example.com/it's", `it's "quoted" \\ $HOME \`id\` $(id) !x`],
  ['workflow commands', 'https://api.datadoghq.eu', '::error::x ##[error]y'],
  ['the word that ends the payload', 'https://api.datadoghq.eu', 'END_OF_PAYLOAD'],
  ['other letters', 'https://api.datadoghq.eu', 'Ünïcödé 日本 😀'],
])('a shell sends these very events: %s', (_, base, name) => {
  const events = [aPipelineEvent({ name }), aJobEvent({ pipeline_name: name, name })];
  const { args, input } = runInShell(toCurl(events, base));
  expect(JSON.parse(input)).toEqual({ data: events });
  expect(args).toEqual([
    '-X',
    'POST',
    `${base.replace("'", '%27')}/api/v2/ci/pipeline`,
    '-H',
    'DD-API-KEY: the key',
    '-H',
    'Content-Type: application/json',
    '--data-binary',
    '@-',
  ]);
});

test('a runner obeys nothing in it', () => {
  const command = toCurl(
    [aPipelineEvent({ name: 'a ##[error]b', url: 'https://x/::error::y' })],
    'https://api.datadoghq.eu',
  );
  expect(command.split('\n').filter((line) => /^\s*::|##\[/.test(line))).toEqual([]);
});
