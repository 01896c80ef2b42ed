// @ts-check

/** @typedef {{ path: string, before?: string, after?: string }} Change */

/**
 * What differs between two values, field by field; of lists, which entries came and went.
 * @param {unknown} before
 * @param {unknown} after
 * @returns {Change[]} in the order of the fields
 */
export function toChanges(before, after) {
  const [one, other] = [flatten(before), flatten(after)];
  const paths = [...new Set([...one.keys(), ...other.keys()])];
  return paths.flatMap((path) => {
    const old = one.get(path) ?? [];
    const now = other.get(path) ?? [];
    const gone = old.filter((value) => !now.includes(value));
    const come = now.filter((value) => !old.includes(value));
    const [was, is] = [gone[0], come[0]];
    if (was !== undefined && is !== undefined && gone.length + come.length === 2) {
      return [{ path, before: was, after: is }];
    }
    return [...gone.map((value) => ({ path, before: value })), ...come.map((value) => ({ path, after: value }))];
  });
}

/**
 * Every value by the path to it; a list is one path with many values.
 * @param {unknown} value
 * @param {string} [path]
 * @param {Map<string, string[]>} [found]
 * @returns {Map<string, string[]>}
 */
function flatten(value, path = '', found = new Map()) {
  if (Array.isArray(value)) found.set(path, value.map(toText));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) flatten(inner, path ? `${path}.${key}` : key, found);
  } else if (value !== undefined) found.set(path, [toText(value)]);
  return found;
}

/** @param {unknown} value */
const toText = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
