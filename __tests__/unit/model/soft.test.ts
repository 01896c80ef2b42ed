import { describe, expect, test } from '@jest/globals';
import * as s from '../../../src/model/shape.js';
import { id, number, soft, text, time, word } from '../../../src/model/soft.js';

const Answer = s.object({ id, number, text, time, word, owner: soft(s.object({ login: s.string })) });

describe('a server’s answer is read as far as it is understood', () => {
  test.each<[string, unknown, unknown]>([
    ['nothing', {}, {}],
    ['other types', { id: true, number: '7', text: 7, time: 'now', word: '', owner: [] }, {}],
    ['numbers that are too large', JSON.parse('{ "id": 1e999, "number": -1e999 }'), {}],
    ['null', { id: null, number: null, text: null, time: null, word: null, owner: null }, {}],
    ['a part that lacks something', { text: 'a', owner: {} }, { text: 'a' }],
    ['a number for an id', { id: 7 }, { id: '7' }],
    ['an empty text, which is no word', { text: '', word: '' }, { text: '' }],
    ['a time with an offset', { time: '2026-01-02T03:04:05+01:00' }, { time: '2026-01-02T02:04:05.000Z' }],
  ])('%s', (_, body, expected) => {
    expect(s.read(Answer, body)).toStrictEqual(expected);
  });
});
