import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const NOTICE = /not an official Datadog product/i;

describe('what the Marketplace shows', () => {
  const { name, description, author, branding } = parse(read('action.yml')) as {
    name: string;
    description: string;
    author: string;
    branding: { icon: string; color: string };
  };

  test('fits', () => {
    expect(name).toBe('Datadog Pipeline Events');
    expect(description.length).toBeLessThanOrEqual(125);
    expect(author).toBeTruthy();
    // docs.github.com, "Metadata syntax": the colours; the icons are Feather's.
    expect(['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark']).toContain(
      branding.color,
    );
    expect(branding.icon).toBe('activity');
  });
});

test.each(['action.yml', 'package.json', 'SECURITY.md'])('%s says whose it is not', (path) => {
  expect(read(path)).toMatch(NOTICE);
});

test('package.json says where it is from', () => {
  const { repository, homepage, bugs } = JSON.parse(read('package.json')) as {
    repository: { type: string; url: string };
    homepage: string;
    bugs: string;
  };
  const place = /^git\+(https:\/\/.+\/datadog-pipeline-events)\.git$/.exec(repository.url)?.[1];
  expect([repository.type, homepage, bugs]).toEqual(['git', `${place}#readme`, `${place}/issues`]);
});

describe.each(['bug', 'idea'])('the form for issues: %s', (form) => {
  interface Field {
    type: string;
    id?: string;
    attributes: { label?: string; options?: string[]; value?: string };
  }
  const { name, description, body } = parse(read(`.github/ISSUE_TEMPLATE/${form}.yml`)) as {
    name: string;
    description: string;
    body: Field[];
  };
  const fields = body.filter(({ type }) => type !== 'markdown');

  // docs.github.com, "Syntax for GitHub's form schema"; Gitea and Forgejo refuse the same (modules/issue/template/template.go).
  test('is one', () => {
    expect([name, description].every(Boolean)).toBe(true);
    expect(body.filter(({ type }) => !['markdown', 'textarea', 'input', 'dropdown'].includes(type))).toEqual([]);
    expect(fields.filter(({ id, attributes }) => !/^[a-z-]+$/.test(id ?? '') || !attributes.label)).toEqual([]);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    expect(body.filter(({ type, attributes }) => type === 'dropdown' && !attributes.options?.length)).toEqual([]);
    expect(body.filter(({ type, attributes }) => type === 'markdown' && !attributes.value)).toEqual([]);
  });

  if (form === 'bug')
    test('asks for what tells one server from another', () => {
      expect(fields.map(({ id }) => id)).toEqual(
        expect.arrayContaining(['server', 'versions', 'action', 'workflow', 'dry-run']),
      );
    });
});
