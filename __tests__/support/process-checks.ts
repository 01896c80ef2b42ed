import type { Intake } from '../../viewer/intake/intake.js';
import { checkEvent } from '../../viewer/intake/rules.js';
import type { StageResult } from '../../viewer/runner/runner.js';
import { checkModel } from './datadog-model.js';
import { OUTPUT_NAMES } from './process-inputs.js';
import { toCommands, toLines } from './process-log.js';

/** The commands that this action gives, written as @actions/core writes them. */
const OURS = /^::(debug|notice|warning|error|group|endgroup|add-mask)::/;

// The model takes a second to load, in which no server of this process would answer.
checkModel({});

export interface Bounds {
  /** The exit code that it has to end with. */
  code: number;
  secrets: readonly string[];
  /** Those that the step's own state may hold. */
  kept: readonly string[];
}

/** What no process may do, whatever it was given; empty: all is well. */
export function faultsOf(result: StageResult, { code, secrets, kept }: Bounds): string[] {
  const { stdout, stderr, outputs, state, exported, paths, summary } = result;
  const lost = secrets.filter((secret) => !kept.includes(secret));
  const places = {
    stdout: toLines(stdout)
      .filter((line) => !line.startsWith('::add-mask::'))
      .join('\n'),
    stderr,
    outputs: JSON.stringify(outputs),
    exported: JSON.stringify(exported),
    summary,
  };
  return [
    ...(result.code === code && !result.timedOut ? [] : [`exit code ${result.code}, not ${code}`]),
    ...(stderr ? [`stderr: ${stderr}`] : []),
    ...toCommands(stdout).flatMap(({ line }) =>
      OURS.test(line) ? [] : [`a command that is not ours: ${JSON.stringify(line)}`],
    ),
    ...toCommands(stdout).flatMap(({ name, value }) =>
      name === 'add-mask' && !secrets.includes(value) ? [`masks ${JSON.stringify(value)}, which is no secret`] : [],
    ),
    ...leaks(places, secrets),
    ...leaks({ state: Object.values(state).join('') }, lost),
    ...Object.keys(outputs).flatMap((name) =>
      OUTPUT_NAMES.includes(name) ? [] : [`sets the output ${name}, which action.yml lacks`],
    ),
    ...Object.keys(exported).flatMap((name) =>
      name.startsWith('DD_PIPELINE_') || name === 'JOB_CHECK_RUN_ID' ? [] : [`exports ${name}`],
    ),
    ...paths.map((path) => `adds ${path} to PATH`),
  ];
}

/** What is wrong with whatever reached an intake, accepted or not. */
export function faultsAt(intake: Intake, secrets: readonly string[]): string[] {
  const elements = intake.requests.flatMap((request) => request.elements);
  const lines = intake.requests.flatMap((request) => request.logs);
  const unread = intake.requests.filter((request) => request.elements.length + request.logs.length === 0);
  const heads = intake.requests.map(({ path, headers }) => [path, { ...headers, 'dd-api-key': '' }]);
  return [
    ...intake.problems,
    ...elements.flatMap((element) => [...checkModel(element), ...checkEvent(element, Date.now())]),
    ...unread.map(({ method, path }) => `${method} ${path} without events`),
    ...leaks(
      { events: JSON.stringify(elements), lines: JSON.stringify(lines), headers: JSON.stringify(heads) },
      secrets,
    ),
  ];
}

/** The places where a secret shows, as it is or in a usual coat. */
export function leaks(places: Record<string, string>, secrets: readonly string[]): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    secrets.flatMap((secret) =>
      coats(secret).some((coat) => text.includes(coat)) ? [`'${secret}' is in ${place}`] : [],
    ),
  );
}

function coats(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
}
