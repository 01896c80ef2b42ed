import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../fixtures/', import.meta.url);

/** The wire's `git`, without the parts that come from the commit. */
export interface GitRef {
  repository_url: string;
  sha: string;
  branch?: string;
  tag?: string;
  /** Absent only where the payload has no repository. */
  default_branch?: string;
}

/** The wire's `git` with author, committer and message. */
export interface Git extends GitRef {
  author_name: string;
  author_email: string;
  author_time: string;
  committer_name: string;
  committer_email: string;
  commit_time: string;
  message: string;
}

/** What follows from environment and payload alone for the running pipeline event; an absent key must be absent there. */
export interface Expect {
  /** `provider_name` and `service` stand beside the resource. */
  provider_name: string;
  service: string;
  /** Host of the server's public address. */
  public_host: string;
  name: string;
  pipeline_id: string;
  url: string;
  is_manual?: true;
  parameters?: Record<string, string>;
  /** null: the payload does not tell that commit's author. */
  git: Git | null;
  git_ref: GitRef;
  /** Values (behind the colon) that some tag has. */
  tags: string[];
  previous_attempt_url?: string;
  /** Page of the triggering run; the parent's URL starts with it. */
  parent_page?: string;
}

export interface Fixture {
  /** Name of the folder: a server, or one of its versions. */
  platform: string;
  name: string;
  /** As the runner sets it, without the paths that a test has to choose. */
  env: Record<string, string>;
  event: Record<string, unknown>;
  /** What the server's API answers, by path; where the servers' own shapes are not meant. */
  api?: Record<string, unknown>;
  expect: Expect;
}

/** Folders of servers that src/ does not know: a test plays them by itself. */
const UNKNOWN = ['kiln'];

/** Every case of every folder, by folder and name; fresh objects each time. */
export function fixtures(): Fixture[] {
  return folders()
    .filter((platform) => !UNKNOWN.includes(platform))
    .flatMap((platform) => cases(platform).map((name) => readFixture(platform, name)));
}

/** One case; a fresh object each time. */
export function readFixture(platform: string, name: string): Fixture {
  const text = readFileSync(new URL(`${platform}/${name}.json`, FOLDER), 'utf8');
  return { platform, name, ...(JSON.parse(text) as Pick<Fixture, 'env' | 'event' | 'api' | 'expect'>) };
}

function folders(): string[] {
  const entries = readdirSync(FOLDER, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function cases(platform: string): string[] {
  const files = readdirSync(new URL(`${platform}/`, FOLDER)).filter((file) => file.endsWith('.json'));
  return files.map((file) => file.slice(0, -'.json'.length)).sort();
}
