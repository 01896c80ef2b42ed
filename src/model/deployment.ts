import { type Lines, parseTags, splitTag } from './tags.js';

/** Datadog's tags of a deployment on its job (datadog-ci, `deployment mark`). */
const PREFIX = 'datadog_cd_visibility.';

/** The tag of a pipeline that has a deployment among its jobs. */
export const CONTAINS_DEPLOYMENT = 'ci.pipeline.contains_deployment:true';

/** What a line `key:value` says of a deployment, as tags; undefined for what it can't be. */
const TAGS: Readonly<Record<string, ((value: string) => string[] | undefined) | undefined>> = {
  __proto__: null as never,
  env: (value) => [`${PREFIX}env:${value}`],
  service: (value) => [`${PREFIX}service:${value}`],
  revision: (value) => [`${PREFIX}revision:${value}`],
  rollback: (value) => ({ true: [`${PREFIX}is_rollback:true`], false: [] })[value.toLowerCase()],
};

/** Lines that mark a job as a deployment, `env:`, `service:`, `revision:`, `rollback:`, as the tags of that job. */
export function parseDeployment(lines: readonly string[]): Lines {
  const { usable, unusable } = parseTags(lines);
  const tags = [`${PREFIX}is_deployment:true`];
  let isMarked = false;
  for (const line of usable) {
    const [key, value] = splitTag(line);
    const made = TAGS[key]?.(value);
    if (made) tags.push(...made);
    else unusable.push(`"${line}" is none of env:, service:, revision:, rollback:true and rollback:false`);
    isMarked ||= made !== undefined;
  }
  return { usable: isMarked ? tags : [], unusable };
}
