import type { Commit, RunRef } from '../../model/run.js';
import type { Env } from '../../runner/runner.js';
import type { ApiJob, ApiJobs, ApiRun } from '../answers.js';
import type { ApiTask } from '../tasks.js';

/** One API read: where, and what it takes. */
export interface Endpoint {
  path: string;
  /** The permission that a refusal asks for, as a workflow's `permissions:` names it. */
  permission: string;
}

/** One API read, and how its answer is understood (undefined: not understood). */
export interface Read<T> extends Endpoint {
  parse(body: unknown): T | undefined;
}

/** One API read whose answer is in GitHub's words, or brings its own reader. */
export type OwnRead<T> = Endpoint & Partial<Read<T>>;

/** One kind of server (and its runner), as it is known in a runner's environment. */
export interface PlatformKind {
  /** The provider's name in events. */
  id: string;
  detect(env: Env): boolean;
  /** The runner's variables under GitHub's names, by which all other code reads them. */
  env(raw: Env): Env;
  /** What the server can do for a job with these variables. */
  bind(env: Env): Platform;
}

/** What one server (and its runner) can do. Other code asks that, never which server it is. */
export interface Platform {
  /** The provider's name in events. */
  id: string;
  /** Whether the run's id repeats from run to run, so that ids must be random. */
  repeatsRunId: boolean;
  /** Whether `GITHUB_RUN_ATTEMPT` counts the run's attempts or each job's own. */
  attemptsCount: 'run' | 'job';
  runPage(run: RunRef): string;
  jobPage(run: RunRef, jobId: string | undefined, place?: JobPlace): string;
  /** True: a job's page goes by its place in the list of the run's jobs, which has to be read. */
  pagesByPlace?: boolean;
  /** Whether the job stands in a workflow that another one called, where keys repeat from call to call. */
  isCalled(workflowRef: string): boolean;
  /** Whether people see job summaries. */
  showsSummary: boolean;
  /** The server's own number of the job that runs here. */
  jobId(checkRunId: string): string | undefined;
  /** The server's number of the task that the job is here, where tasks can be read. */
  taskId?: number | undefined;
  /** The address under which the server itself hides an account's e-mail address. */
  noReply(account: { name: string; id?: string | undefined; host: string }): string;
  /** True: a read that is not permitted is answered 404 where the repository is private. */
  hidesRefusals?: boolean;
  /** How far the word in `job.status` goes when post runs. */
  jobStatus: {
    /** False: a default in action.yml keeps the value it had in main. */
    fresh: boolean;
    /** False: success may follow a cancel. */
    tellsCancel: boolean;
    /** False: inside a composite action it knows that action's own steps only. */
    wholeInComposite: boolean;
  };
  /** Where a cancel shows that no word in post tells of; absent: `job.status` tells it. */
  cancel?: {
    /** True: it leaves steps without a conclusion. */
    leavesOpenSteps: boolean;
    /** What anybody may read, also when the job's own token is refused: how that job ended, or its run. */
    openly: { of: 'job' | 'run'; read(run: RunRef, jobId: string | undefined): Read<string> };
  };
  /** False: a job of a reusable workflow is shown its name, event and inputs instead of the caller's. */
  tellsCaller: boolean;
  /** Absent: no list of jobs shows calls of workflows, and `call / job` is the name of an inner one. */
  calls?: Calls;
  /** False: a step that failed and was allowed to is listed like any that failed. */
  tellsTolerated: boolean;
  /** False: a job counts as created when its run is, so that waiting for other jobs would look like a queue. */
  createsJobsWhenReady: boolean;
  reads: {
    commit(run: RunRef, sha: string): OwnRead<Commit>;
    /** This job with its steps, by its own number. */
    job?(run: RunRef, jobId: string): OwnRead<ApiJob>;
    run(run: RunRef): OwnRead<ApiRun>;
    /** What the job's steps and the platform noted as failures. */
    annotations?(run: RunRef, jobId: string): OwnRead<string[]>;
    /** The jobs of this attempt, first page. */
    jobs(run: RunRef): OwnRead<ApiJobs>;
    /** The repository's tasks, newest first, where the list of jobs has no times, or there is none. */
    tasks?(run: RunRef, page: number): Endpoint;
  };
  /** Where a job's log can be read. */
  log?: {
    of(run: RunRef, job: { id: string; attempt?: number | undefined }): Endpoint;
    /** False: it is there when the job has ended, and the job itself can't read it. */
    whileRunning: boolean;
    /** For people: from which version on; absent where every version has it. */
    since?: string;
  };
  /** How a whole run is read, from outside or from its closing job. */
  wholeRun: WholeRun;
  /** How all runs of a repository are found, and all repositories of an account. */
  lists: Lists;
}

/** Where a job stands in the list of its run's, from 0, and its own attempt. */
export interface JobPlace {
  place: number;
  attempt: number;
}

/** How calls of workflows are listed as jobs of their own, and their jobs by plain names. */
export interface Calls {
  /** True: inner jobs are created with the run, call by call, and run before it; false: when their call is ready. */
  areAhead: boolean;
  /** True: a job knows itself as `call.job`, which no other job of the run does; false: as `job`. */
  areInKeys: boolean;
  /** True: inner jobs whose name repeats are listed with a number, `build-1`. */
  numbersNames: boolean;
}

/** How a server lets whole runs be read. */
interface WholeRun {
  /** True: a run starts with its first job, after a queue; false: the queue is a part of it. */
  startsWithFirstJob: boolean;
  /** The run with its latest attempt. */
  latest(run: RunRef): Endpoint;
  /** The run in this attempt. */
  attempt(run: RunRef): Endpoint;
  /** The jobs of this attempt, by pages from 1; undefined after the last page that there can be. */
  jobs(run: RunRef, page: number): Endpoint | undefined;
  tag(run: RunRef, name: string): Endpoint;
  /** A file of the repository at a commit. */
  file(run: RunRef, path: string, sha: string): Endpoint;
  /** The paths at which the file may stand that a run names as its workflow. */
  workflowPaths(file: string): string[];
  /** A pull request of this repository. */
  pull(run: RunRef, number: number): Endpoint;
  /** For people: from which version on there are runs and jobs; absent where every version has them. */
  since: { runs?: string; jobs?: string };
}

/** How a server lists what there is, the newest first, by pages from 1. */
interface Lists {
  /** Hours before a time by which a run was created that ends, or is run again, after it. */
  reach: number;
  /** A repository, by `owner/name`. */
  repository(name: string): Endpoint;
  /** The repositories of an organisation and, where there is none of that name, of an account. */
  repositories(owner: string, page: number): Endpoint[];
  runs(run: RunRef, page: number): Endpoint;
  /** The runs that a schedule started and that succeeded, of this workflow's file, or of others too. */
  scheduled(run: RunRef, page: number, file: string): Endpoint;
  /** The last cancelled runs, of this file, or of others too; absent where a closing job outlives a cancel. */
  cancelled?(run: RunRef, file: string): Endpoint;
  /** The repository's tasks, where a run that is run again gets new ones. */
  tasks?(run: RunRef, page: number): Endpoint;
  /** The run of a task, or a list with it; undefined where the task does not tell. */
  runOfTask?(run: RunRef, task: ApiTask): Endpoint | undefined;
}
