import { describe, expect, test } from '@jest/globals';
import { lacksSecrets, toOwnRun } from '../../../src/pipeline/own-run.js';
import type { Run } from '../../../src/model/run.js';
import type { Config } from '../../../src/runner/inputs.js';
import { parsePayload } from '../../../src/runner/payload.js';
import type { Env } from '../../../src/runner/runner.js';
import { toPipelineId } from '../../../src/model/identity.js';
import { aConfig, platformOf } from '../../support/builders.js';
import { fixtures } from '../../support/fixtures.js';

const ENV: Env = {
  GITHUB_SERVER_URL: 'https://git.example.com',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_RUN_ID: '4401',
  GITHUB_JOB: 'build',
};

function ownRunOf(env: Env, body: unknown = {}, config: Partial<Config> = {}): Run {
  const run = toOwnRun({ env, payload: parsePayload(JSON.stringify(body)) }, platformOf(env), aConfig(config));
  if ('missing' in run) throw new Error(`missing: ${run.missing.join()}`);
  return run;
}

describe.each(fixtures().map((fixture) => [`${fixture.platform}/${fixture.name}`, fixture] as const))(
  '%s',
  (_, { env, event, expect: wanted }) => {
    const run = ownRunOf(env, event);

    test('the run', () => {
      expect({ name: run.name, id: run.id, url: run.url, manual: run.manual, parameters: run.parameters }).toEqual({
        name: wanted.name,
        id: wanted.pipeline_id,
        url: wanted.url,
        manual: wanted.is_manual ?? false,
        parameters: wanted.parameters ?? {},
      });
    });

    test('its server is the public one', () => {
      expect(new URL(run.serverUrl).host).toBe(wanted.public_host);
    });

    test('what it was started on', () => {
      const { repositoryUrl, sha, branch, tag, defaultBranch } = run.revision;
      expect({ repository_url: repositoryUrl, sha, branch, tag, default_branch: defaultBranch }).toEqual({
        branch: undefined,
        tag: undefined,
        default_branch: undefined,
        ...wanted.git_ref,
      });
    });

    test('the commit, only where the payload has this very one', () => {
      expect(run.commit && [run.commit.sha, run.commit.author.email, run.commit.message]).toEqual(
        wanted.git ? [wanted.git.sha, wanted.git.author_email, wanted.git.message] : undefined,
      );
    });

    test('tags', () => {
      expect(run.tags.map((tag) => tag.slice(tag.indexOf(':') + 1))).toEqual(
        expect.arrayContaining(wanted.tags.filter((tag) => tag !== env['GITHUB_RUN_ATTEMPT'])),
      );
    });

    test('the run that triggered it', () => {
      expect(run.parent?.url).toBe(wanted.parent_page);
    });
  },
);

describe('what is missing is named', () => {
  test.each<[string, Env, string[]]>([
    ['everything', {}, ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_JOB', 'GITHUB_SERVER_URL']],
    ['an empty variable', { ...ENV, GITHUB_RUN_ID: '' }, ['GITHUB_RUN_ID']],
    ['a server that is no URL', { ...ENV, GITHUB_SERVER_URL: 'git.example.com' }, ['GITHUB_SERVER_URL']],
    ['a server of another scheme', { ...ENV, GITHUB_SERVER_URL: 'file:///etc' }, ['GITHUB_SERVER_URL']],
  ])('%s', (_, env, missing) => {
    expect(toOwnRun({ env, payload: parsePayload(undefined) }, platformOf(env), aConfig())).toEqual({ missing });
  });

  test('little is enough', () => {
    expect(ownRunOf(ENV)).toMatchObject({
      serverUrl: 'https://git.example.com',
      id: '4401',
      number: '4401',
      attempt: 1,
      event: '',
      actor: '',
      name: 'acme/shop',
      manual: false,
    });
  });
});

describe("the server's public address", () => {
  const repository = (html_url: string, full_name = 'acme/shop') => ({ repository: { html_url, full_name } });
  test.each<[string, Env, unknown, string]>([
    [
      'the payload knows it better than the runner',
      { GITHUB_SERVER_URL: 'http://gitea:3000' },
      repository('https://git.example.com/acme/shop'),
      'https://git.example.com',
    ],
    ['below a path', {}, repository('https://example.com/git/acme/shop'), 'https://example.com/git'],
    ['with a port', {}, repository('https://git.example.com:8443/acme/shop/'), 'https://git.example.com:8443'],
    ['in other letters', {}, repository('https://git.example.com/Acme/Shop', 'acme/shop'), 'https://git.example.com'],
    ['without user and password', { GITHUB_SERVER_URL: 'https://u:p@git.example.com/' }, {}, 'https://git.example.com'],
    [
      "the runner's, where the page is of something else",
      {},
      repository('https://elsewhere.example.com/other/name'),
      'https://git.example.com',
    ],
    ["the runner's, where the page is none", {}, repository('/acme/shop'), 'https://git.example.com'],
  ])('%s', (_, env, body, expected) => {
    expect(ownRunOf({ ...ENV, ...env }, body).serverUrl).toBe(expected);
  });
});

describe('the name of the pipeline', () => {
  test.each<[string, Env, unknown, Partial<Config>, string, string[]]>([
    ['the input', { GITHUB_WORKFLOW: 'CI' }, {}, { name: 'Mine' }, 'Mine', []],
    [
      "the workflow's name",
      { GITHUB_WORKFLOW: 'CI', GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/x.yml@refs/heads/main' },
      {},
      {},
      'CI',
      [],
    ],
    [
      'its file, from the ref',
      { GITHUB_WORKFLOW: '', GITHUB_WORKFLOW_REF: 'acme/shop/.forgejo/workflows/x.yml@refs/heads/a@b' },
      {},
      {},
      '.forgejo/workflows/x.yml',
      [],
    ],
    [
      "its file, from a manual start's payload",
      { GITHUB_WORKFLOW: '' },
      { workflow: 'deploy.yml' },
      {},
      'deploy.yml',
      [],
    ],
    [
      'the repository, which is told in a tag',
      { GITHUB_WORKFLOW: ' \t' },
      {},
      {},
      'acme/shop',
      ['name_source:repository'],
    ],
    ['on one line', { GITHUB_WORKFLOW: 'CI\n  and more\u0007' }, {}, {}, 'CI and more', []],
  ])('%s', (_, env, body, config, name, tags) => {
    const run = ownRunOf({ ...ENV, ...env }, body, config);
    expect(run.name).toBe(name);
    expect(run.tags.filter((tag) => tag.startsWith('name_source:'))).toEqual(tags);
  });
});

describe('parameters', () => {
  const DISPATCH = { ...ENV, GITHUB_EVENT_NAME: 'workflow_dispatch' };
  const inputs = { text: 'a:b\nc', yes: true, three: 3, list: ['x', { y: 1 }] };

  test("a manual start's inputs as text", () => {
    const run = ownRunOf(DISPATCH, { inputs });
    expect(run).toMatchObject({
      manual: true,
      parameters: { text: 'a:b\nc', yes: 'true', three: '3', list: '["x",{"y":1}]' },
    });
  });

  test('one without value is an empty text', () => {
    expect(ownRunOf(DISPATCH, { inputs: { none: null } }).parameters).toEqual({ none: '' });
  });

  test('inputs of a call are none', () => {
    expect(ownRunOf({ ...ENV, GITHUB_EVENT_NAME: 'workflow_call' }, { inputs }).parameters).toEqual({});
  });
});

describe('the parent pipeline', () => {
  const trigger = { id: 77, run_attempt: 2, html_url: 'https://git.example.com/acme/shop/actions/runs/77' };

  test('is the triggering run by its run-level id', () => {
    const id = toPipelineId({
      serverUrl: 'https://git.example.com',
      repository: 'acme/shop',
      id: '77',
      attemptId: '2',
    });
    expect(ownRunOf(ENV, { workflow_run: trigger }).parent).toEqual({ id, url: trigger.html_url });
  });

  test('of an unknown attempt is the first one', () => {
    const id = toPipelineId({
      serverUrl: 'https://git.example.com',
      repository: 'acme/shop',
      id: '77',
      attemptId: '1',
    });
    expect(ownRunOf(ENV, { workflow_run: { ...trigger, run_attempt: 0 } }).parent?.id).toBe(id);
  });

  test('is what the input says', () => {
    const parent = { id: 'mine', url: 'https://ci.example.com/1' };
    expect(ownRunOf(ENV, { workflow_run: trigger }, { parent }).parent).toEqual(parent);
  });
});

describe("who can't have been given secrets", () => {
  const fork = { pull_request: { number: 1, head: { ref: 'x', sha: 'y', repo: { full_name: 'bob/shop' } } } };
  const own = { pull_request: { number: 1, head: { ref: 'x', sha: 'y', repo: { full_name: 'acme/shop' } } } };
  test.each<[string, Env, unknown, boolean]>([
    ['a fork', {}, fork, true],
    ['Dependabot', { GITHUB_ACTOR: 'dependabot[bot]' }, own, true],
    ['a pull request of this repository', { GITHUB_ACTOR: 'alice' }, own, false],
    ['a push', {}, {}, false],
  ])('%s', (_, env, body, expected) => {
    expect(lacksSecrets({ ...ENV, ...env }, parsePayload(JSON.stringify(body)))).toBe(expected);
  });
});

test('tags of ours', () => {
  const env = {
    ...ENV,
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_ACTOR: 'alice\n',
    GITHUB_RUN_NUMBER: '212',
    GITHUB_RUN_ATTEMPT: '3',
  };
  const run = ownRunOf({ ...env, GITHUB_WORKFLOW: 'CI' }, { pull_request: { number: 12 } });
  expect(run.tags).toEqual(['event:pull_request', 'actor:alice', 'run_number:212', 'pull_request:12', 'run_attempt:3']);
});

// An event with such a tag or link is not valid, and so not sent at all.
describe('what a variable or a payload lacks costs nothing but itself', () => {
  test('white space makes no tag', () => {
    expect(ownRunOf({ ...ENV, GITHUB_ACTOR: ' \t' }).tags).toEqual(['run_attempt:1', 'name_source:repository']);
  });

  test.each(['', '/acme/shop/actions/runs/77', 'javascript:alert(1)'])(
    'a page of the parent that is none (%j) is left out',
    (html_url) => {
      expect(ownRunOf(ENV, { workflow_run: { id: 77, html_url } }).parent?.url).toBeUndefined();
    },
  );

  test.each([undefined, '', '0', 'two', 'NaN', 'Infinity', '1e999'])('a run attempt of %j is the first', (attempt) => {
    expect(ownRunOf({ ...ENV, GITHUB_RUN_ATTEMPT: attempt }).attempt).toBe(1);
  });
});
