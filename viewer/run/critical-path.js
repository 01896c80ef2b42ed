// @ts-check

/** @typedef {import('./run.js').Part} Part */

/**
 * The jobs that decided how long the run took, the first one first: from the job that ended last back to that of its
 * dependencies which ended last, and so on, as Datadog computes it from the dependencies of jobs. A job of a stage that
 * tells none itself waited for the stages that its stage names.
 * @param {Pick<import('./run.js').Run, 'jobs' | 'roots'>} run
 * @returns {Part[]} none unless one job is known to have waited for another
 */
export function toCriticalPath({ jobs, roots }) {
  const ran = jobs.filter(({ start, resource }) => start !== undefined && resource.status !== 'skipped');
  const byId = new Map(ran.map((job) => [job.resource.id, job]));
  const stages = new Map(roots.map((stage) => [stage.resource.id, stage]));
  /** @param {Part} job */
  const neededBy = ({ resource }) => {
    const ids = asList(resource.dependencies);
    if (ids.length > 0) return ids.flatMap((id) => byId.get(id) ?? []);
    const stage = stages.get(resource.stage_id ?? undefined);
    const before = asList(stage?.resource.dependencies).flatMap((id) => stages.get(id)?.children ?? []);
    return before.filter(({ resource: { level, status } }) => level === 'job' && status !== 'skipped');
  };
  /** @type {Part[]} */
  const path = [];
  for (let job = lastOf(ran); job && !path.includes(job); job = lastOf(neededBy(job))) path.unshift(job);
  return path.length > 1 ? path : [];
}

/**
 * What runs ends last.
 * @param {Part[]} jobs
 * @returns {Part | undefined}
 */
function lastOf(jobs) {
  const endOf = (/** @type {Part} */ { end }) => end ?? Infinity;
  return jobs.reduce(
    (last, job) => (last === undefined || endOf(job) > endOf(last) ? job : last),
    /** @type {Part | undefined} */ (undefined),
  );
}

/**
 * @param {unknown} value
 * @returns {string[]}
 */
const asList = (value) => (Array.isArray(value) ? value : []);
