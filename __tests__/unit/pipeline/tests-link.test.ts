import { expect, test } from '@jest/globals';
import { toTestsUrl } from '../../../src/pipeline/tests-link.js';

const APP = 'https://app.datadoghq.eu';
const ENV = {
  GITHUB_SERVER_URL: 'http://gitea:3000',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '4401',
  GITHUB_RUN_ATTEMPT: '2',
};

/** The address that the page asks for. */
const asked = (url: string): string | undefined =>
  /^@ci\.pipeline\.url:"(.+)"$/.exec(new URL(url).searchParams.get('query') ?? '')?.[1];

test.each<[string, Record<string, string>, string]>([
  ['is that of the test libraries, whatever the server calls its pages', {}, '/acme/shop/actions/runs/4401/attempts/2'],
  ['has no attempt where the runner tells none', { GITHUB_RUN_ATTEMPT: '' }, '/acme/shop/actions/runs/4401'],
  [
    'has no credential',
    { GITHUB_SERVER_URL: 'http://alice:pa55word@gitea:3000' },
    '/acme/shop/actions/runs/4401/attempts/2',
  ],
])('the address that is asked for %s', (_, env, path) => {
  const url = toTestsUrl(APP, { ...ENV, ...env });
  expect(url.startsWith(`${APP}/ci/test-runs?query=`)).toBe(true);
  expect(asked(url)).toBe(`http://gitea:3000${path}`);
});

test.each([
  ['there is no page', '', ENV],
  ['the runner has other variables', APP, { KILN_RUN: '1' }],
])('there is none where %s', (_, app, env) => {
  expect(toTestsUrl(app, env)).toBe('');
});
