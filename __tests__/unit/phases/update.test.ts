import { describe, expect, test } from '@jest/globals';
import { toUpdated, toUpdateIntake } from '../../../src/phases/update.js';
import { aConfig, aJobEvent } from '../../support/builders.js';

describe('where an update goes', () => {
  const config = aConfig({ intake: 'https://api.datadoghq.com', hasDestination: false });
  test.each<[string, typeof config, string, string | undefined]>([
    [
      'where its inputs say',
      aConfig({ intake: 'https://proxy.example', hasDestination: true }),
      'https://api.datadoghq.eu',
      'https://proxy.example',
    ],
    ['else to the site that main reported to', config, 'https://api.datadoghq.eu', 'https://api.datadoghq.eu'],
    ['nowhere where that is no site: any step may have written it', config, 'https://evil.example', undefined],
    ['nowhere where that looks like a site', config, 'https://api.datadoghq.eu.evil.example', undefined],
    ['nowhere where that is another page of a site', config, 'https://app.datadoghq.eu', undefined],
    ['to the default where main sent to no address, in a dry run', config, '', 'https://api.datadoghq.com'],
  ])('%s', (_, given, told, expected) => {
    expect(toUpdateIntake(given, told)).toBe(expected);
  });
});

test('an update without parameters has none', () => {
  const { resources } = toUpdated([aJobEvent()], { tags: ['a:b'], measures: [], parameters: {} });
  expect(resources[0]!.parameters).toBeUndefined();
});
