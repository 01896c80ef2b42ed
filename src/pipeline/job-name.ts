/** Between a caller's and a reusable workflow's job in the names that servers give, `call / build`. */
export const SEPARATOR = ' / ';

/** Where a job's name has separators, the outermost first; those in parentheses are a matrix's, `build (a / b)`. */
export function separators(name: string): number[] {
  const cuts: number[] = [];
  const open: number[] = [];
  for (let at = 0; at < name.length; at += 1) {
    if (name[at] === '(') open.push(at);
    if (name.startsWith(SEPARATOR, at)) cuts.push(at);
    const opened = name[at] === ')' ? open.pop() : undefined;
    while (opened !== undefined && cuts.at(-1)! > opened) cuts.pop();
  }
  return cuts;
}

/** What stands after a cut. */
export function innerName(name: string, cut: number | undefined): string {
  return cut === undefined ? name : name.slice(cut + SEPARATOR.length);
}

/** Whether a name can be a key and the values of a matrix, as servers name jobs without `name:`. */
export function isKeyed(name: string): boolean {
  return /^[a-z_][\w-]*(?: \(.*\))?$/i.test(name);
}
