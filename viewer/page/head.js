// @ts-check
import { plain, shorten } from '../run/label.js';
import { h, outside, webLink } from './dom.js';
import { lasts } from './list.js';
import { classOf, sign, wordOf } from './status.js';
import { toClock, toDate } from './times.js';

/** @typedef {import('./model.js').ShownRun} ShownRun */
/** @typedef {import('../run/run.js').Part} Part */

/** @typedef {{ select: (key: string) => void, toHash: (id: string) => string, knows: (id: string) => boolean }} Ways */

const FIRST_FAILURES = 3;

/**
 * What a run is: its name, how it went, of which commit.
 * @param {ShownRun} run
 * @param {number} now
 * @param {Ways} ways
 */
export function toHead(run, now, { toHash, knows }) {
  const { resource } = run.pipeline ?? run.jobs[0] ?? {};
  const { git, url, previous_attempt: previous } = resource ?? {};
  const attributes = run.records[0]?.event.attributes;
  const ref = git?.tag ? `tag ${plain(git.tag)}` : git?.branch ? plain(git.branch) : undefined;
  return h(
    'header',
    { class: 'head' },
    h(
      'h1',
      {},
      h('span', { class: `pill ${classOf(run.status)}` }, sign(run.status), wordOf(run.status)),
      outside(plain(run.name)),
      h('span', { class: 'took' }, lasts(run, now)),
    ),
    h(
      'p',
      { class: 'facts' },
      ref ? h('span', { class: 'ref', title: 'Branch or tag' }, outside(ref)) : undefined,
      git?.sha ? h('code', { title: plain(git.sha) }, plain(git.sha).slice(0, 7)) : undefined,
      git?.message ? h('span', { class: 'message' }, outside(plain(String(git.message).split('\n')[0]))) : undefined,
      git?.author_name ? h('span', {}, outside(plain(git.author_name))) : undefined,
      Number.isFinite(run.start) ? h('span', {}, `${toDate(run.start)}, ${toClock(run.start)}`) : undefined,
      h('span', {}, `attempt ${run.attempt}`, resource?.partial_retry === true ? ', of some of its jobs' : ''),
      previous?.id && knows(previous.id) ? h('a', { href: toHash(previous.id) }, 'previous attempt') : undefined,
      attributes?.provider_name ? h('span', {}, outside(plain(attributes.provider_name))) : undefined,
      url ? webLink(url, 'CI page') : undefined,
    ),
  );
}

/**
 * Why a run failed, before anything else.
 * @param {ShownRun} run
 * @param {Ways} ways
 */
export function toFailures({ failed }, { select }) {
  if (failed.length === 0) return undefined;
  const rest = failed.length - FIRST_FAILURES;
  return h(
    'section',
    { class: 'failures', 'aria-label': 'Why it failed' },
    ...failed.slice(0, FIRST_FAILURES).map((part) => toFailure(part, select)),
    rest > 0 ? h('p', { class: 'hint' }, `${rest} more failed; the key f goes from one to the next.`) : undefined,
  );
}

/**
 * @param {Part} part
 * @param {(key: string) => void} select
 */
function toFailure({ key, resource: { level, name, error } }, select) {
  return h(
    'div',
    { class: 'failure' },
    sign('error'),
    h(
      'div',
      {},
      h(
        'p',
        { class: 'what' },
        h('button', { class: 'link', type: 'button', click: () => select(key) }, outside(plain(name))),
        h('span', { class: 'muted' }, `${level} failed`),
        error?.type ? h('span', { class: 'badge' }, outside(plain(error.type))) : undefined,
        error?.domain ? h('span', { class: 'badge' }, `domain ${plain(error.domain)}`) : undefined,
      ),
      h('p', { class: 'reason' }, outside(error?.message ? String(error.message) : 'No reason was sent.')),
    ),
  );
}

/** @type {Record<string, string>} */
const EFFECTS = { refused: 'Refused', dropped: 'Not shown', 'shown wrongly': 'Shown wrongly' };

/**
 * What Datadog would refuse, drop or show wrongly, each with what to do.
 * @param {ShownRun} run
 * @param {{ isOpen: boolean, onToggle: (isOpen: boolean) => void, select: (key: string) => void }} options
 */
export function toProblems({ problems, parts }, { isOpen, onToggle, select }) {
  if (problems.length === 0) return undefined;
  const title = problems.length === 1 ? '1 problem in Datadog' : `${problems.length} problems in Datadog`;
  return h(
    'details',
    {
      class: 'problems',
      open: isOpen,
      toggle: (/** @type {Event} */ event) =>
        onToggle(event.currentTarget instanceof HTMLDetailsElement && event.currentTarget.open),
    },
    h('summary', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }, '!'), title),
    h('ul', {}, ...problems.map((problem) => h('li', {}, ...toProblem(problem, parts, select)))),
  );
}

/**
 * @param {import('../run/problems.js').Problem} problem
 * @param {Map<string, Part>} parts
 * @param {(key: string) => void} select
 */
function toProblem({ effect, title, fix, cases }, parts, select) {
  const [first] = cases;
  const part = first?.key === undefined ? undefined : parts.get(first.key);
  return [
    h('p', { class: 'what' }, h('span', { class: 'badge warn' }, EFFECTS[effect] ?? effect), outside(title)),
    h(
      'p',
      { class: 'muted' },
      part
        ? h('button', { class: 'link', type: 'button', click: () => select(part.key) }, outside(toName(part)))
        : undefined,
      part ? ': ' : '',
      outside(first?.detail ?? ''),
      cases.length > 1 ? ` (and ${cases.length - 1} more)` : '',
    ),
    h('p', { class: 'fix' }, fix),
  ];
}

/** @param {Part} part */
const toName = ({ resource: { level, name } }) => `${level} ${shorten(plain(name), 80)}`;
