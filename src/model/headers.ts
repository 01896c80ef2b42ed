/** Headers of an answer, by their names in lower case. */
export type Headers = Record<string, string | string[] | undefined>;

/** The first value of a header; empty where there is none. */
export function toHeader(headers: Headers, name: string): string {
  return [headers[name]].flat()[0]?.trim() ?? '';
}
