import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = new URL('../../', import.meta.url);
const DOCUMENTS = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .filter((path) => existsSync(new URL(path, ROOT)));

const readDocument = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** The links of a text that lead nowhere, as they are written. */
function deadLinks(path: string, text: string, read: (path: string) => string | undefined): string[] {
  const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : posix.join(posix.dirname(path), file);
    const there = target === path ? text : read(target);
    return there === undefined || (anchor !== undefined && !anchorsOf(there).includes(anchor));
  });
}

/** The anchors that GitHub, Gitea and Forgejo give headings; one that is there before gets a number. */
function anchorsOf(text: string): string[] {
  const titles = [...withoutFences(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  return titles.map((title, index) => {
    const before = titles.slice(0, index).filter((one) => one === title).length;
    return before > 0 ? `${title}-${before}` : title;
  });
}

const withoutFences = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '');
const withoutCode = (text: string): string => withoutFences(text).replace(/`[^`]*`/g, '');

test('there are documents', () => {
  expect(DOCUMENTS).toEqual(
    expect.arrayContaining(['README.md', 'docs/troubleshooting.md', 'docs/develop/releasing.md']),
  );
});

test.each(DOCUMENTS)('links in %s lead somewhere', (path) => {
  const read = (target: string): string | undefined => {
    if (!existsSync(new URL(target, ROOT))) return undefined;
    return target.endsWith('.md') ? readDocument(target) : '';
  };
  expect(deadLinks(path, readDocument(path), read)).toEqual([]);
});

test.each(DOCUMENTS.filter((path) => path.startsWith('docs/')))('%s can be reached from another document', (path) => {
  const others = DOCUMENTS.filter((other) => other !== path);
  const linking = others.filter((other) =>
    [...readDocument(other).matchAll(/\]\(([^)#\s]+)/g)].some(
      ([, target]) => posix.join(posix.dirname(other), target ?? '') === path,
    ),
  );
  expect(linking).not.toEqual([]);
});

describe('a link', () => {
  const files: Record<string, string> = {
    'docs/a.md': '# A\n\n## It is — here\n\n## Twice\n\n## Twice\n\n```sh\n# no heading\n```\n',
    'docs/folder': '',
  };
  const dead = (link: string): string[] => deadLinks('docs/b.md', `# B\n\n[b](${link})\n`, (path) => files[path]);

  test.each([
    'a.md',
    'a.md#a',
    'a.md#it-is--here',
    'a.md#twice-1',
    '#b',
    'folder',
    '../docs/a.md',
    'https://example.com/#x',
  ])('leads somewhere: %s', (link) => expect(dead(link)).toEqual([]));

  test.each(['c.md', 'a.md#b', 'a.md#no-heading', 'a.md#twice-2', '#a', '../a.md'])('is found dead: %s', (link) => {
    expect(dead(link)).toEqual([link]);
  });

  test('in code is none', () => {
    expect(deadLinks('b.md', '`[x](y)`\n\n```md\n[x](y)\n```\n', () => undefined)).toEqual([]);
  });
});
