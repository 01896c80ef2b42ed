import type { Session } from '../runner/session.js';
import type { Client } from '../server/client.js';
import type { Server } from '../server/server.js';
import type { Workflow } from '../server/workflow.js';
import type { FileJob } from '../server/workflow-file.js';

/** What the end of a job is found out with. */
export interface PostSession extends Session {
  server: Server;
  /** The same server, as anybody sees it. */
  openClient: Client;
  /** The jobs of the run's workflow, by its file. */
  readFileJobs(): Promise<FileJob[] | undefined>;
  /** The run's workflow with the local ones that it calls. */
  readWorkflow(): Promise<Workflow | undefined>;
}
