import type { Deadline } from '../runner/deadline.js';
import type { Log } from '../runner/log.js';
import type { Runner } from '../runner/runner.js';
import type { Server } from '../server/client.js';
import type { Place, Platform } from '../server/platforms/platform.js';
import type { FileJob } from '../server/workflow-file.js';

/** What the end of a job is found out with. */
export interface EndEdges {
  runner: Runner;
  log: Log;
  deadline: Deadline;
  server: Server;
  /** The same server, as anybody sees it. */
  openServer: Server;
  platform: Platform;
  place: Place;
  /** The jobs of the run's workflow, by its file. */
  readFileJobs(): Promise<FileJob[] | undefined>;
}
