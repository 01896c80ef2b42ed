import { describe, expect, test } from '@jest/globals';
import { toRepositoryUrl, toServerUrl } from '../../../src/model/url.js';

describe("the repository's address", () => {
  test.each<[string, string, string | undefined]>([
    ['gets .git', 'https://git.example.com/acme/shop', 'https://git.example.com/acme/shop.git'],
    ['keeps .git', 'https://git.example.com/acme/shop.git', 'https://git.example.com/acme/shop.git'],
    ['loses slashes at the end', 'https://git.example.com/acme/shop//', 'https://git.example.com/acme/shop.git'],
    [
      'loses user and password',
      'https://alice:pa55@git.example.com/acme/shop',
      'https://git.example.com/acme/shop.git',
    ],
    [
      'loses query and hash',
      'https://git.example.com/acme/shop.git?ref=main#L1',
      'https://git.example.com/acme/shop.git',
    ],
    [
      'keeps port and path',
      'http://git.example.com:3000/git/acme/shop',
      'http://git.example.com:3000/git/acme/shop.git',
    ],
    ['of another scheme is left out', 'ssh://git@git.example.com/acme/shop.git', undefined],
    ["in scp's form is left out", 'git@git.example.com:acme/shop.git', undefined],
    ['of a host alone is left out', 'https://git.example.com/', undefined],
    ['that is none is left out', 'acme/shop', undefined],
  ])('%s', (_, raw, expected) => {
    expect(toRepositoryUrl(raw)).toBe(expected);
  });
});

describe("the server's address in that of a repository's page", () => {
  test.each<[string, string | undefined, string | undefined]>([
    ['stands before its name', 'https://git.example.com:8443/git/acme/shop', 'https://git.example.com:8443/git'],
    ['in any case, with a slash at the end', 'https://git.example.com/Acme/Shop/', 'https://git.example.com'],
    ['without user and password', 'https://alice:pa55@git.example.com/acme/shop', 'https://git.example.com'],
    ['is not in that of another repository', 'https://git.example.com/acme/shop2', undefined],
    ['is not in that of another scheme', 'ssh://git.example.com/acme/shop', undefined],
    ['is not in a path', '/acme/shop', undefined],
    ['is not in what is missing', undefined, undefined],
  ])('%s', (_, html_url, expected) => {
    expect(toServerUrl({ html_url, full_name: 'acme/shop' })).toBe(expected);
  });

  test('is not known of a repository without a name', () => {
    expect(toServerUrl({ html_url: 'https://git.example.com/' })).toBeUndefined();
    expect(toServerUrl(undefined)).toBeUndefined();
  });
});
