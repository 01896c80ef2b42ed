// @ts-check
import { plain, toDuration } from '../run/label.js';
import { toChanges } from '../run/changes.js';
import { toNeighbours } from './arrows.js';
import { h, outside, webLink } from './dom.js';
import { classOf, sign, wordOf } from './status.js';
import { toClock, toExact } from './times.js';

/** @typedef {import('../run/run.js').Part} Part */
/** @typedef {import('./model.js').ShownRun} ShownRun */
/** @typedef {import('../intake/request.js').LogLine} LogLine */

/** @typedef {'overview' | 'events' | 'logs'} Tab */

/**
 * @typedef {object} Shown
 * @property {ShownRun} run
 * @property {Part} part
 * @property {Tab} tab
 * @property {LogLine[]} logs of the job
 * @property {(tab: Tab) => void} onTab
 * @property {(key: string) => void} select
 */

/** Lines that are shown of a log, the last ones. */
const MOST_LINES = 2_000;

/**
 * All that is known of one part of a run.
 * @param {Shown} shown
 */
export function toDetails(shown) {
  const { part, tab, logs, onTab } = shown;
  const { resource, records } = part;
  /** @type {[Tab, string][]} */
  const tabs = [
    ['overview', 'Overview'],
    ['events', `Events (${records.length})`],
    ...(logs.length > 0 ? [/** @type {[Tab, string]} */ (['logs', `Log (${logs.length})`])] : []),
  ];
  const current = tabs.some(([name]) => name === tab) ? tab : 'overview';
  const content = { overview: toOverview, events: toEvents, logs: toLog }[current](shown);
  return [
    h('h2', {}, sign(resource.status), outside(plain(resource.name)), h('span', { class: 'muted' }, resource.level)),
    h(
      'div',
      { class: 'tabs', role: 'tablist', keydown: moveTab },
      ...tabs.map(([name, text]) =>
        h(
          'button',
          {
            type: 'button',
            role: 'tab',
            id: `tab-${name}`,
            'aria-selected': name === current ? 'true' : 'false',
            'aria-controls': 'tab-content',
            tabindex: name === current ? 0 : -1,
            click: () => onTab(name),
          },
          text,
        ),
      ),
    ),
    h('div', { role: 'tabpanel', id: 'tab-content', 'aria-labelledby': `tab-${current}` }, ...content),
  ];
}

/** @param {KeyboardEvent} event */
function moveTab(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || !(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  const tabs = [...event.currentTarget.querySelectorAll('button')];
  const at = tabs.findIndex((tab) => tab.getAttribute('aria-selected') === 'true');
  const next = tabs[(at + step + tabs.length) % tabs.length];
  next?.click();
  document.getElementById(next?.id ?? '')?.focus();
}

/** @param {Shown} shown */
function toOverview({ run, part, select }) {
  const { resource, start, end } = part;
  const { error, queue_time: queue, parameters, node, git } = resource;
  const { env, service, provider_name } = part.records.at(-1)?.event.attributes ?? {};
  const { needs, neededBy } = toNeighbours(part, run.jobs);
  const links = (/** @type {Part[]} */ parts) =>
    h('span', { class: 'links' }, ...parts.slice(0, 50).map((one) => toLink(one, select)), toRest(parts.length - 50));
  return [
    error ? h('div', { class: 'reason-box' }, ...toReason(error)) : undefined,
    section('', [
      ['Status', wordOf(resource.status)],
      ['Duration', start !== undefined && end !== undefined ? toDuration(Math.max(0, end - start)) : undefined],
      ['Queue time', typeof queue === 'number' ? toDuration(queue) : undefined],
      ['Start', start !== undefined ? h('time', { title: toExact(start) }, toClock(start)) : undefined],
      ['End', end !== undefined ? h('time', { title: toExact(end) }, toClock(end)) : undefined],
      ['Waited for', needs.length > 0 ? links(needs) : undefined],
      ['Needed by', neededBy.length > 0 ? links(neededBy) : undefined],
      ['Stage', resource.stage_name ?? undefined],
      ['Critical path', run.path.includes(part) ? 'this job is on it' : undefined],
      ['CI page', resource.url ? webLink(resource.url, 'open') : undefined],
    ]),
    section('Tags', toPairs(resource.tags)),
    section('Measures', toPairs(resource.metrics)),
    section('Parameters', Object.entries(asObject(parameters))),
    section('Git', Object.entries(asObject(git))),
    section('Node', Object.entries(asObject(node))),
    section('Ids', [
      ['id', resource.unique_id ?? resource.id],
      ['pipeline_id', resource.pipeline_id],
      ['service', service],
      ['env', env],
      ['provider_name', provider_name],
    ]),
  ];
}

/** @param {import('../run/event.js').Failure} error */
const toReason = ({ type, message, domain, stack }) => [
  h(
    'p',
    {},
    type ? h('b', {}, outside(plain(type))) : undefined,
    domain ? h('span', { class: 'badge' }, `domain ${plain(domain)}`) : undefined,
  ),
  h('p', { class: 'reason' }, outside(String(message ?? ''))),
  stack ? h('pre', {}, String(stack)) : undefined,
];

/**
 * @param {Part} part
 * @param {(key: string) => void} select
 */
const toLink = ({ key, resource }, select) =>
  h(
    'button',
    { class: `link ${classOf(resource.status)}`, type: 'button', click: () => select(key) },
    sign(resource.status),
    outside(plain(resource.name)),
  );

/** @param {number} rest */
const toRest = (rest) => (rest > 0 ? h('span', { class: 'muted' }, `and ${rest} more`) : undefined);

/**
 * Names and values, those without a value left out.
 * @param {string} title
 * @param {[string, unknown][]} pairs
 */
function section(title, pairs) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (known.length === 0) return undefined;
  return h(
    'section',
    {},
    title ? h('h3', {}, title) : undefined,
    h('dl', {}, ...known.flatMap(([name, value]) => [h('dt', {}, outside(name)), h('dd', {}, toValue(value))])),
  );
}

/** @param {unknown} value */
const toValue = (value) =>
  value instanceof Node ? value : outside(typeof value === 'string' ? value : JSON.stringify(value));

/**
 * `key:value` texts, split at the first colon as Datadog does.
 * @param {unknown} list
 * @returns {[string, string][]}
 */
function toPairs(list) {
  return (Array.isArray(list) ? list : []).map((entry) => {
    const [, key = String(entry), value = ''] = /^([^:]*):([^]*)$/.exec(String(entry)) ?? [];
    return [key, value || ' '];
  });
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
const asObject = (value) =>
  typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : {};

/**
 * Each event as it came, and what it changed.
 * @param {Shown} shown
 */
function toEvents({ part: { records } }) {
  let finals = 0;
  return records.map((record, index) => {
    const { event, time, status, isAccepted, problems, source } = record;
    const { attributes } = event;
    const isFinal = attributes.resource.end !== undefined;
    const before = records[index - 1]?.event.attributes;
    const kind = isFinal ? ((finals += 1), finals > 1 ? 'final, again' : 'final') : index > 0 ? 'update' : 'running';
    const answer = source ? source : status === undefined ? 'no answer' : `answer ${status}`;
    return h(
      'section',
      { class: `event${isAccepted ? '' : ' refused'}` },
      h(
        'h3',
        {},
        h('span', { class: 'badge' }, kind),
        `${toClock(time)} `,
        h('span', { class: 'muted' }, outside(answer)),
      ),
      problems.length > 0
        ? h('ul', { class: 'found' }, ...problems.map((problem) => h('li', {}, outside(problem))))
        : undefined,
      before ? toTable(toChanges(before, attributes)) : undefined,
      h('details', { open: records.length === 1 }, h('summary', {}, 'JSON'), h('pre', {}, pretty(event))),
    );
  });
}

/** @param {import('../run/changes.js').Change[]} changes */
function toTable(changes) {
  if (changes.length === 0) return h('p', { class: 'muted' }, 'The same as the event before.');
  return h(
    'ul',
    { class: 'changes', 'aria-label': 'What changed' },
    ...changes.map(({ path, before, after }) =>
      h(
        'li',
        {},
        h('code', {}, outside(path.replace(/^resource\./, ''))),
        before === undefined ? undefined : h('del', {}, outside(before)),
        before !== undefined && after !== undefined ? ' → ' : ' ',
        after === undefined ? undefined : h('ins', {}, outside(after)),
      ),
    ),
  );
}

/** @param {unknown} value */
function pretty(value) {
  try {
    return JSON.stringify(value, undefined, 2);
  } catch {
    return 'too deep to be shown';
  }
}

/** @param {Shown} shown */
function toLog({ logs }) {
  const lines = logs.slice(-MOST_LINES);
  const left = logs.length - lines.length;
  /** @type {string | undefined} */
  let group;
  return [
    left > 0 ? h('p', { class: 'muted' }, `The last ${lines.length} lines.`) : undefined,
    h(
      'div',
      { class: 'log', role: 'log', tabindex: 0 },
      ...lines.flatMap((line) => {
        const title = line.section_name && line.section_name !== group ? h('h4', {}, outside(line.section_name)) : [];
        group = line.section_name;
        const isBad = /^(error|critical|emergency|alert|fatal)/i.test(String(line.status));
        return [title, h('div', { class: isBad ? 'bad' : '' }, outside(String(line.message)))].flat();
      }),
    ),
  ];
}
