import { createHider, stripUserInfo } from './text.js';

/**
 * A function that takes the given secrets out of lines of a log, in the forms in which programs print them: as they
 * are, URL-encoded, in base64 wherever they stand in what is encoded, and as a JSON text; and the user part of any URL.
 */
export function createLogHider(secrets: readonly string[]): (lines: string) => string {
  const hide = createHider([...new Set(secrets.filter(Boolean).flatMap(toForms))]);
  return (lines) => {
    const hidden = hide(lines);
    // Most lines have no URL with an @, and the search for one takes longer than all the rest.
    return hidden.includes('@') ? hidden.replace(/^.*@.*$/gm, toUrlsWithoutUser) : hidden;
  };
}

/** In a JSON text a slash may stand behind a backslash. */
function toUrlsWithoutUser(line: string): string {
  return stripUserInfo(line).replace(/(:\\\/\\\/)[^\s/?#"<>`\\]{1,2000}@/g, '$1');
}

function toForms(secret: string): string[] {
  const url = encodeURIComponent(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    url,
    url.replace(/%../g, (code) => code.toLowerCase()),
    json,
    json.replaceAll('/', '\\/'),
    JSON.stringify(json).slice(1, -1),
    ...[0, 1, 2].flatMap((before) => toBase64(secret, before)),
  ];
}

/**
 * The part of a text's base64 that a secret decides alone, where it follows `before` (modulo 3) other bytes: each
 * character stands for six bits, and those at its ends share some with their neighbours.
 */
function toBase64(secret: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const whole = bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
  return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
}
