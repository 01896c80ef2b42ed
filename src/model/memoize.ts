/** The same function, which computes once for each thing that it is asked for, or once where it is asked for none. */
export function memoize<K extends [unknown?], V>(compute: (...key: K) => V): (...key: K) => V {
  const known = new Map<K[0], V>();
  return (...key) => {
    if (!known.has(key[0])) known.set(key[0], compute(...key));
    return known.get(key[0])!;
  };
}
