import type { Env } from '../runner/runner.js';

/**
 * The page in Datadog that lists the tests of this run; empty where there is none. Datadog's test libraries take every
 * act-type runner for GitHub, and make the pipeline's address of these variables as they are (dd-trace 6.21, ddtrace
 * 4.16).
 */
export function toTestsUrl(app: string, env: Env): string {
  const [server, repository, run] = [env['GITHUB_SERVER_URL'], env['GITHUB_REPOSITORY'], env['GITHUB_RUN_ID']];
  if (!app || !server || !repository || !run) return '';
  const attempt = env['GITHUB_RUN_ATTEMPT'] ? `/attempts/${env['GITHUB_RUN_ATTEMPT']}` : '';
  const page = `${server.replace(/^(https?:\/\/)[^/]*@/, '$1')}/${repository}/actions/runs/${run}${attempt}`;
  return `${app}/ci/test-runs?query=${encodeURIComponent(`@ci.pipeline.url:"${page}"`)}`;
}
