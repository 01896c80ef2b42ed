import type { Resource } from '../../viewer/run/event.js';

type Fields = Partial<Resource>;

/** The time of an event, so many seconds after the run's start, which lies ten minutes back. */
const BEGIN = Math.floor(Date.now() / 1000) * 1000 - 600_000;
export const at = (seconds: number): string => new Date(BEGIN + seconds * 1000).toISOString();

export const RUN = 'a0b1c2d3-0000-5000-8000-000000000001';

const git = {
  repository_url: 'https://git.example.com/acme/shop.git',
  sha: '4b1d7f0c2a9e8d3b5f6071829304a5b6c7d8e9f0',
  author_email: 'alice@example.com',
  branch: 'main',
  default_branch: 'main',
};

/** A pipeline that runs; with an end it has ended. */
export const aPipeline = (parts: Fields = {}): Resource => ({
  level: 'pipeline',
  unique_id: RUN,
  name: 'CI',
  url: 'https://git.example.com/acme/shop/actions/runs/7',
  start: at(0),
  status: parts.end === undefined ? 'running' : 'success',
  partial_retry: false,
  git,
  ...parts,
});

/** A job of that pipeline that ran from one second to another, or runs since then. */
export const aJob = (name: string, [from, to]: [number, number?], parts: Fields = {}): Resource => ({
  level: 'job',
  id: `job ${name}`,
  name,
  pipeline_unique_id: RUN,
  pipeline_name: 'CI',
  url: 'https://git.example.com/acme/shop/actions/runs/7/jobs/1',
  start: at(from),
  ...(to === undefined ? {} : { end: at(to) }),
  status: to === undefined ? 'running' : 'success',
  ...parts,
});

export const aStep = (job: string, name: string, [from, to]: [number, number], parts: Fields = {}): Resource => ({
  level: 'step',
  id: `step ${job} ${name}`,
  name,
  job_id: `job ${job}`,
  job_name: job,
  pipeline_unique_id: RUN,
  pipeline_name: 'CI',
  start: at(from),
  end: at(to),
  status: 'success',
  ...parts,
});

/** Sends events to an intake as the action does, and returns the answer's status. */
export async function post(url: string, resources: readonly Resource[], key = 'any'): Promise<number> {
  const data = resources.map((resource) => ({ type: 'cipipeline_resource_request', attributes: { resource } }));
  const headers = { 'content-type': 'application/json', 'dd-api-key': key };
  return (await fetch(`${url}/api/v2/ci/pipeline`, { method: 'POST', headers, body: JSON.stringify({ data }) })).status;
}
