// @ts-check

/**
 * What to do about what the rules of one event say, by the field that they name; the first that fits.
 * @type {[pattern: RegExp, fix: string][]}
 */
const ADVICE = [
  [/older than 18 hours/, 'Send within 18 hours of the end: later, Datadog takes it no more.'],
  [
    /end is before its start/,
    'Two machines’ clocks differ, or a time was never set: end it no earlier than it starts.',
  ],
  [/longer than a year/, 'A time was never set: leave out the event, or send the real start.'],
  [/time that was set/, 'A server’s zero stands for a time that it does not know: leave the field out.'],
  [/\.sha must/, 'Datadog takes a commit of 40 hex digits. Leave git out, and send its parts as tags.'],
  [/repository_url/, 'Write the address that git clones from, ending in .git, without user, password, query and hash.'],
  [/user and password/, 'Take the credential out of the address, and change it: it was sent.'],
  [/branch or on a tag/, 'Send git.branch or git.tag, and not both.'],
  [/author_email/, 'Send the address of the commit’s author; a no-reply address where it is not known.'],
  [/\.tags(\[|\b)/, 'Write tags as key:value, at most 100, each of at most 300 characters.'],
  [/\.metrics(\[|\b)/, 'Write measures as key:number, at most 100, each of at most 300 characters.'],
  [/error\.(type|message)/, 'Cut it: type to 100 characters, message to 5000.'],
  [/\.status must/, 'Map the server’s word to one of these; steps know success and error only.'],
  [/is missing$/, 'Send this field: Datadog requires it.'],
  [/not a field of this form/, 'Leave it out here: Datadog’s schema does not have it at this level.'],
  [/RFC 3339/, 'Write times as 2026-01-31T12:00:00.000Z, with a zone.'],
  [/http\(s\) URL/, 'Send the address of the page, with https:// and the host.'],
  [/surrogates|control characters/, 'Take characters out that are no text, and cut no character in half.'],
];

/**
 * A problem of one event in three parts.
 * @param {string} problem such as `data[0].attributes.resource.git.sha must be 40 hex digits, not 'abc'`
 * @returns {{ title: string, detail: string, fix: string }}
 */
export function toAdvice(problem) {
  const short = problem.replace(/^(data)?\[\d+\]\.?/, '').replace(/^attributes\.(resource\.)?/, '');
  const [title = short] = short.split(/, not (?=['"\d[{]|null|undefined|true|false)/, 1);
  const fix = ADVICE.find(([pattern]) => pattern.test(problem))?.[1];
  return {
    title: title.replace(/\[\d+\]/g, '[]'),
    detail: short,
    fix: fix ?? 'Correct this field where it is sent: Datadog answers 400 and shows nothing of the event.',
  };
}
