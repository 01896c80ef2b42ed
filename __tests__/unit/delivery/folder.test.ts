import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openFolder as openAt } from '../../../src/delivery/folder.js';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'folder-'));
});
afterEach(() => rmSync(path, { recursive: true }));

const openFolder = (folder: string) => openAt(folder, () => 0);
const at = (name: string): string => join(path, name);
const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);

test('is made for its owner alone, and so are its files', () => {
  const folder = openFolder(at('a/b'));
  expect(folder.write('one', 'text')).toBe(at('a/b/one'));
  expect([mode(at('a/b')), mode(at('a/b/one'))]).toEqual(['700', '600']);
});

test('is taken as it is where there is one', () => {
  chmodSync(path, 0o775);
  openFolder(path).write('one', 'text');
  expect(mode(path)).toBe('775');
});

test('can not be a file', () => {
  writeFileSync(at('file'), '');
  expect(() => openFolder(at('file'))).toThrow('EEXIST');
});

test('a file that is there is not written over', () => {
  const folder = openFolder(path);
  folder.write('one', 'first');
  expect(() => folder.write('one', 'second')).toThrow('EEXIST');
  expect(readFileSync(at('one'), 'utf8')).toBe('first');
});

test('nothing is written through a link', () => {
  symlinkSync(at('target'), at('link'));
  expect(() => openFolder(path).write('link', 'text')).toThrow('EEXIST');
  expect(readdirSync(path)).toEqual(['link']);
});

describe('what lies there', () => {
  beforeEach(() => {
    writeFileSync(at('file'), 'text');
    symlinkSync(at('file'), at('link'));
    symlinkSync(at('nowhere'), at('dangling'));
    execFileSync('mkfifo', [at('pipe')]);
    mkdirSync(at('folder'));
  });

  test('is told by its kind', () => {
    const files = openFolder(path).list();
    expect(files.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'dangling', isFile: false },
      { name: 'file', isFile: true },
      { name: 'folder', isFile: false },
      { name: 'link', isFile: false },
      { name: 'pipe', isFile: false },
    ]);
  });

  // A pipe that is opened for reading waits for a writer, were it not told otherwise.
  test.each(['link', 'dangling', 'pipe', 'folder', 'missing'])('is read from no %s', (name) => {
    expect(openFolder(path).read(name, 100)).toBeUndefined();
  });

  test('is read up to its size', () => {
    const folder = openFolder(path);
    expect([folder.read('file', 4), folder.read('file', 3)]).toEqual(['text', undefined]);
    truncateSync(at('file'), 100 * 1024 * 1024);
    expect([folder.read('file', 1024), folder.size('file')]).toEqual([undefined, 100 * 1024 * 1024]);
    expect(folder.size('missing')).toBeUndefined();
  });

  test('is renamed once', () => {
    const folder = openFolder(path);
    expect(folder.rename('file', 'taken')).toBe(at('taken'));
    expect(folder.rename('file', 'taken again')).toBeUndefined();
    expect(folder.read('taken', 100)).toBe('text');
  });

  test('is removed, and no word where that is not possible', () => {
    const folder = openFolder(path);
    folder.remove('file');
    folder.remove('file');
    folder.remove('folder');
    expect(readdirSync(path)).not.toContain('file');
  });
});
