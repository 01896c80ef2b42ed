// @ts-check
import { inspect } from 'node:util';

/**
 * The problems of one value, each beginning with the path where it was found.
 * @typedef {(value: unknown, path: string) => string[]} Rule
 * @typedef {Record<string, Rule>} Fields
 */

const RFC3339 =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const ZERO_TIMES = [Date.parse('0001-01-01T00:00:00Z'), 0];

const BRIEF = { depth: 0, compact: true, breakLength: Infinity, maxArrayLength: 3, maxStringLength: 80 };

/**
 * A value of which `holds` is true.
 * @param {string} what completes the sentence "… must be"
 * @param {(value: unknown) => boolean} holds
 * @returns {Rule}
 */
export const must = (what, holds) => (value, path) =>
  holds(value) ? [] : [`${path} must be ${what}, not ${inspect(value, BRIEF)}`];

/**
 * A value that keeps all rules; the later ones may take the earlier ones for granted.
 * @param {...Rule} rules
 * @returns {Rule}
 */
export const all =
  (...rules) =>
  (value, path) => {
    for (const rule of rules) {
      const problems = rule(value, path);
      if (problems.length > 0) return problems;
    }
    return [];
  };

/**
 * Null, where Datadog's schema has it, or a value that keeps the rule.
 * @param {Rule} rule
 * @returns {Rule}
 */
export const orNull = (rule) => (value, path) => (value === null ? [] : rule(value, path));

/** @param {...string} words */
export const oneOf = (...words) => must(words.join(' or '), (value) => words.includes(String(value)));

/** An unpaired surrogate is the only surrogate that a `u` pattern can match. */
export const text = must(
  'a text that is not empty and has neither control characters nor unpaired surrogates',
  (value) => typeof value === 'string' && value.trim() !== '' && !/[\p{Cc}\p{Cs}]/u.test(value),
);

export const prose = must(
  'a text without unpaired surrogates or control characters other than \\n and \\t',
  (value) => typeof value === 'string' && !/(?![\n\t])[\p{Cc}\p{Cs}]/u.test(value),
);

export const boolean = must('true or false', (value) => typeof value === 'boolean');

export const count = must(
  'a whole number that is not negative',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);

/**
 * A limit as JSON Schema counts it: in code points.
 * @param {number} most
 */
export const atMost = (most) => must(`at most ${most} characters long`, (value) => [...String(value)].length <= most);

export const date = all(
  text,
  must('a date and time as in RFC 3339', (value) => isDate(String(value))),
  // Servers write Go's or Unix's zero for a time that was never set.
  must('a time that was set', (value) => !ZERO_TIMES.includes(Date.parse(String(value)))),
);

export const url = all(
  text,
  must('an absolute http(s) URL', (value) => /^https?:\/\//.test(String(value)) && URL.canParse(String(value))),
  must('a URL without user and password', (value) => {
    const { username, password } = new URL(String(value));
    return username === '' && password === '';
  }),
);

/**
 * @param {Rule} rule
 * @param {number} [most]
 * @returns {Rule}
 */
export const listOf = (rule, most = Infinity) =>
  all(
    must('a list', Array.isArray),
    must(`at most ${most} entries`, (value) => asList(value).length <= most),
    (value, path) => asList(value).flatMap((entry, index) => rule(entry, `${path}[${index}]`)),
  );

/**
 * @param {Rule} rule
 * @returns {Rule}
 */
export const mapOf = (rule) =>
  all(must('an object', isRecord), (value, path) =>
    Object.entries(asRecord(value)).flatMap(([name, field]) => [
      ...text(name, `${path}: its key`),
      ...rule(field, `${path}.${name}`),
    ]),
  );

/**
 * An object that has all the required fields and none but the named ones.
 * @param {Fields} required
 * @param {Fields} [optional]
 * @returns {Rule}
 */
export const shape = (required, optional = {}) => {
  const rules = new Map(Object.entries({ ...required, ...optional }));
  return all(must('an object', isRecord), (value, path) => {
    const fields = Object.entries(asRecord(value)).filter(([, field]) => field !== undefined);
    const present = new Set(fields.map(([name]) => name));
    const missing = Object.keys(required).filter((name) => !present.has(name));
    return [
      ...missing.map((name) => `${path}.${name} is missing`),
      ...fields.flatMap(
        ([name, field]) =>
          rules.get(name)?.(field, `${path}.${name}`) ?? [`${path}.${name} is not a field of this form`],
      ),
    ];
  });
};

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The fields of a value, none if it is not an object.
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
export function asRecord(value) {
  return isRecord(value) ? value : {};
}

/**
 * @param {unknown} value
 * @returns {unknown[]}
 */
function asList(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {string} value */
function isDate(value) {
  const [, year, month, day] = RFC3339.exec(value)?.map(Number) ?? [];
  // JavaScript reads the 30th of February as the 1st of March.
  return year !== undefined && month !== undefined && Number(day) <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
