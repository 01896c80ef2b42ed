// @ts-check
import { durationBetween, fit, plain, shorten, timeOf } from '../run/label.js';
import { toBranches, toPipelines } from '../run/tree.js';

/** @typedef {import('../run/event.js').Resource} Resource */
/** @typedef {import('../run/tree.js').Branch} Branch */

/**
 * How the rows of one pipeline are drawn: `from` and `to` are the times at the edges of the bars.
 * @typedef {object} Drawing
 * @property {number} from
 * @property {number} to
 * @property {number} nameWidth
 * @property {number} barWidth
 * @property {Map<string | undefined, string>} names by id
 * @property {Paint} paint
 */

/** @typedef {(text: string, status: string) => string} Paint */

const LEAST_WIDTH = 60;
const STATUS_WIDTH = 10;
const DURATION_WIDTH = 8;
const GAPS = 3;

/** @type {Map<string, { symbol: string, color: number }>} */
const LOOKS = new Map([
  ['success', { symbol: '✔', color: 32 }],
  ['error', { symbol: '✖', color: 31 }],
  ['canceled', { symbol: '⊘', color: 33 }],
  ['skipped', { symbol: '-', color: 90 }],
  ['blocked', { symbol: '‖', color: 33 }],
  ['running', { symbol: '●', color: 36 }],
]);

/**
 * A picture, in text, of every pipeline that the events tell of: a row for each part, on one time scale per pipeline.
 * @param {readonly import('../run/event.js').CiEvent[]} events
 * @param {{ width?: number, color?: boolean }} [options]
 * @returns {string}
 */
export function renderWaterfall(events, { width = 100, color = false } = {}) {
  /** @type {Paint} */
  const paint = (text, status) => {
    const look = LOOKS.get(status);
    return color && look ? `\u001b[${look.color}m${text}\u001b[0m` : text;
  };
  return toPipelines(events)
    .map((resources) => renderPipeline(resources, Math.max(width, LEAST_WIDTH), paint))
    .join('\n\n');
}

/**
 * @param {Resource[]} resources
 * @param {number} width
 * @param {Paint} paint
 */
function renderPipeline(resources, width, paint) {
  const pipeline = resources.find(({ level }) => level === 'pipeline');
  const branches = toBranches(resources.filter((resource) => resource !== pipeline));
  const head = pipeline
    ? renderHead(pipeline, paint)
    : [`${plain(resources[0]?.pipeline_name)}  (no event of the pipeline itself)`];
  const drawing = toDrawing(resources, branches, width, paint);
  return [...head, ...branches.flatMap((branch) => renderRow(branch, drawing))].join('\n');
}

/**
 * @param {Resource[]} resources
 * @param {Branch[]} branches
 * @param {number} width
 * @param {Paint} paint
 * @returns {Drawing}
 */
function toDrawing(resources, branches, width, paint) {
  const times = resources.flatMap(({ start, end }) => [timeOf(start) ?? [], timeOf(end) ?? []]).flat();
  const from = times.reduce((one, other) => Math.min(one, other), Infinity);
  const to = times.reduce((one, other) => Math.max(one, other), from + 1);
  const room = width - STATUS_WIDTH - DURATION_WIDTH - GAPS;
  const longest = branches.reduce((most, branch) => Math.max(most, [...nameOf(branch)].length), 0);
  const nameWidth = Math.min(longest, Math.floor(room / 2));
  const names = new Map(resources.map(({ id, name }) => [id, plain(name)]));
  return { from, to, nameWidth, barWidth: room - nameWidth, names, paint };
}

/**
 * @param {Resource} pipeline
 * @param {Paint} paint
 */
function renderHead({ name, status, start, end, git, url }, paint) {
  const ref = git?.tag ? `tag ${plain(git.tag)}` : git?.branch ? `branch ${plain(git.branch)}` : [];
  const facts = [ref, git?.sha ? plain(git.sha).slice(0, 7) : [], url ? plain(url) : []].flat();
  const head = `${shorten(plain(name), LEAST_WIDTH)}  ${paint(statusOf(status), status)}  ${durationBetween(start, end)}`;
  return facts.length > 0 ? [head, facts.join(' · ')] : [head];
}

/**
 * @param {Branch} branch
 * @param {Drawing} drawing
 */
function renderRow(branch, drawing) {
  const { status, start, end, dependencies } = branch.resource;
  const row = [
    fit(nameOf(branch), drawing.nameWidth),
    drawing.paint(fit(statusOf(status), STATUS_WIDTH), status),
    durationBetween(start, end).padStart(DURATION_WIDTH),
    drawing.paint(toBar(branch.resource, drawing), status),
  ]
    .join(' ')
    .trimEnd();
  if (!Array.isArray(dependencies) || dependencies.length === 0) return [row];
  const after = dependencies.map((id) => drawing.names.get(id) ?? plain(id)).join(', ');
  return [row, shorten(`${'  '.repeat(branch.depth + 1)}after: ${after}`, drawing.nameWidth + drawing.barWidth)];
}

/**
 * A bar of at least one character; the end of what still runs is open.
 * @param {Resource} resource
 * @param {Drawing} drawing
 */
function toBar(resource, { from, to, barWidth }) {
  const [start, end] = [timeOf(resource.start), timeOf(resource.end)];
  if (start === undefined) return '';
  const columnOf = (/** @type {number} */ time) => ((time - from) / (to - from)) * barWidth;
  const left = Math.min(Math.floor(columnOf(start)), barWidth - 1);
  const bar =
    end === undefined
      ? '░'.repeat(barWidth - left - 1) + '›'
      : '█'.repeat(Math.max(1, Math.round(columnOf(end)) - left));
  return ' '.repeat(left) + bar;
}

/** @param {Branch} branch */
const nameOf = ({ resource, depth }) => '  '.repeat(depth) + plain(resource.name);

/** @param {unknown} status */
const statusOf = (status) => `${LOOKS.get(String(status))?.symbol ?? '?'} ${plain(status)}`;
