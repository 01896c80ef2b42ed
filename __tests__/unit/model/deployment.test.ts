import { expect, test } from '@jest/globals';
import { parseDeployment } from '../../../src/model/deployment.js';

const MARK = 'datadog_cd_visibility.is_deployment:true';
const WORDS = 'is none of env:, service:, revision:, rollback:true and rollback:false';

// The tags are those that `datadog-ci deployment mark` sends.
test.each<[string, string[], string[], string[]]>([
  ['nothing', [], [], []],
  ['an environment', ['env:production'], [MARK, 'datadog_cd_visibility.env:production'], []],
  [
    'everything',
    ['env: production', 'service:shop', 'revision:v1.2:3', 'rollback:True'],
    [
      MARK,
      'datadog_cd_visibility.env:production',
      'datadog_cd_visibility.service:shop',
      'datadog_cd_visibility.revision:v1.2:3',
      'datadog_cd_visibility.is_rollback:true',
    ],
    [],
  ],
  ['no rollback', ['rollback:false'], [MARK], []],
  [
    'what may be one',
    ['env:a', 'rollback:maybe'],
    [MARK, 'datadog_cd_visibility.env:a'],
    [`"rollback:maybe" ${WORDS}`],
  ],
  ['another key', ['toString:x'], [], [`"toString:x" ${WORDS}`]],
  ['no key', ['true'], [], ['"true" is not key:value']],
])('%s', (_, lines, usable, unusable) => {
  expect(parseDeployment(lines)).toEqual({ usable, unusable });
});
