import { describe, expect, test } from '@jest/globals';
import { parseSite, SITE_NAMES, toDatadogUrl } from '../../../src/model/site.js';

const US1 = {
  name: 'datadoghq.com',
  api: 'https://api.datadoghq.com',
  logs: 'https://http-intake.logs.datadoghq.com',
  app: 'https://app.datadoghq.com',
  supported: true,
};
const EU1 = {
  name: 'datadoghq.eu',
  api: 'https://api.datadoghq.eu',
  logs: 'https://http-intake.logs.datadoghq.eu',
  app: 'https://app.datadoghq.eu',
  supported: true,
};
const US5 = {
  name: 'us5.datadoghq.com',
  api: 'https://api.us5.datadoghq.com',
  logs: 'https://http-intake.logs.us5.datadoghq.com',
  app: 'https://us5.datadoghq.com',
  supported: true,
};
const FED = {
  name: 'ddog-gov.com',
  api: 'https://api.ddog-gov.com',
  app: 'https://app.ddog-gov.com',
  supported: false,
};
const FED2 = {
  name: 'us2.ddog-gov.com',
  api: 'https://api.us2.ddog-gov.com',
  app: 'https://us2.ddog-gov.com',
  supported: false,
};

describe('a site from what people write', () => {
  test.each([
    ['datadoghq.com', US1],
    ['datadoghq.eu', EU1],
    ['us5.datadoghq.com', US5],
    [' DatadogHQ.EU ', EU1],
    ['EU1', EU1],
    ['us1', US1],
    ['us5', US5],
    ['app.datadoghq.eu', EU1],
    ['api.datadoghq.eu', EU1],
    ['https://app.datadoghq.eu', EU1],
    ['https://app.datadoghq.eu/ci/pipelines?x=1#y', EU1],
    ['https://api.us5.datadoghq.com:443/', US5],
    ['https://us5.datadoghq.com/', US5],
    ['datadoghq.com.', US1],
    ['ddog-gov.com', FED],
    ['US1-FED', FED],
    ['us2-fed', FED2],
  ])('%s', (raw, expected) => {
    expect(parseSite(raw)).toEqual(expected);
  });

  test.each([
    '',
    'eu',
    'datadoghq',
    'datadoghq.co',
    'xdatadoghq.com',
    'datadoghq.com.evil.example',
    'evil.example/datadoghq.com',
  ])('no site: %j', (raw) => {
    expect(parseSite(raw)).toBeUndefined();
  });

  // Words that every object has.
  test.each(['constructor', '__proto__'])('no site: %j', (raw) => {
    expect(parseSite(raw)).toBeUndefined();
  });

  test.each(SITE_NAMES)('%s is itself', (name) => {
    expect(parseSite(name)).toMatchObject({ name, api: `https://api.${name}` });
  });

  test('every short name is one of a site', () => {
    const words = ['us1', 'us3', 'us5', 'eu1', 'ap1', 'ap2', 'uk1', 'us1-fed', 'us2-fed'];
    expect(words.map((word) => parseSite(word)?.name).sort()).toEqual([...SITE_NAMES].sort());
  });
});

test('the page in Datadog finds the executions with this page of the server', () => {
  const url = new URL(toDatadogUrl(EU1, 'https://git.example.com/acme/shop/actions/runs/1?by_index=1&x=ü'));
  expect(url.origin).toBe('https://app.datadoghq.eu');
  expect(url.searchParams.get('query')).toBe(
    'ci_level:pipeline @ci.pipeline.url:"https://git.example.com/acme/shop/actions/runs/1?by_index=1&x=ü"',
  );
});

test('there is no page where it is not known at which site', () => {
  expect(toDatadogUrl({ app: '' }, 'https://git.example.com/acme/shop/actions/runs/1')).toBe('');
});
