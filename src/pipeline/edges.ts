import type { Session } from '../runner/session.js';
import type { Server } from '../server/client.js';
import type { Place, Platform } from '../server/platforms/platform.js';
import type { FileJob } from '../server/workflow-file.js';

/** What the end of a job is found out with. */
export interface EndEdges extends Session {
  server: Server;
  /** The same server, as anybody sees it. */
  openServer: Server;
  platform: Platform;
  place: Place;
  /** The jobs of the run's workflow, by its file. */
  readFileJobs(): Promise<FileJob[] | undefined>;
}
