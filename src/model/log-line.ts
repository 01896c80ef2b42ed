/** One line of a job's log. */
export interface LogLine {
  /** Its place in the whole log, from 1. */
  number: number;
  /** RFC 3339, as the runner wrote it before the line; a line without one has that of the line before. */
  time?: string | undefined;
  /** The step or group that it stands in. */
  section?: string | undefined;
  /** What a workflow command says it is. */
  status?: 'error' | 'warning' | 'notice' | 'debug' | undefined;
  text: string;
}
