import type { End } from '../events/event.js';
import type { ApiStep } from '../model/run.js';
import type { Additions } from '../runner/runtime-file.js';

/**
 * The steps that the job wrote itself, each until the next line or the job's end. Failed is the last one of the name
 * that a step told, else the one that was open when the job failed; open at a cancel is cancelled.
 */
export function toWrittenSteps(
  { steps: marks, failedStep }: Pick<Additions, 'steps' | 'failedStep'>,
  { time, status }: Pick<End, 'time' | 'status'>,
): ApiStep[] {
  const named = marks.findLastIndex(({ name }) => name !== '' && name === failedStep);
  const open = named < 0 && status === 'error' ? 'failure' : status === 'canceled' ? 'cancelled' : 'success';
  const last = marks.length - 1;
  return marks
    .map(({ name, time: startedAt }, at) => ({
      name,
      startedAt,
      completedAt: marks[at + 1]?.time ?? time,
      conclusion: at === named ? 'failure' : at === last ? open : 'success',
      isWritten: true,
    }))
    .filter(({ name }) => name !== '')
    .map((step, at) => ({ ...step, number: at + 1 }));
}
