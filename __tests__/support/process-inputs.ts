import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The parts of action.yml that a runner reads. */
interface Manifest {
  inputs: Record<string, { default?: string }>;
  outputs: Record<string, unknown>;
}

/** Values behind the expressions that action.yml, or a `with:` block, may hold. */
export interface Facts {
  /** `job.status` at this moment, as this runner sees it. */
  jobStatus: string;
  /** undefined: no matrix. */
  matrix?: unknown;
  /** Empty where the server has none. */
  checkRunId: string;
  token: string;
  /** Empty where the runner does not know it. */
  workflowRef: string;
}

/** How a kind of runner evaluates inputs. */
export interface Runner {
  /** Defaults of action.yml are evaluated again when post runs; only Gitea's runner keeps those of main. */
  evaluatesDefaultsAnew: boolean;
  hasCheckRunId: boolean;
  hasWorkflowRef: boolean;
  /** Forgejo's runner knows success and failure only. */
  saysCancelled: boolean;
  /** What GitHub calls the job-wide status is there the composite action's own. */
  narrowsComposites: boolean;
}

export type Inputs = Record<string, string | undefined>;

const MANIFEST = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')) as Manifest;

/** Names of all inputs, and of all outputs, that action.yml declares. */
export const INPUT_NAMES = Object.keys(MANIFEST.inputs);
/** `observe/` has one more. */
export const OUTPUT_NAMES = [...Object.keys(MANIFEST.outputs), 'runs'];

/** The runner that sets these variables. */
export function toRunner(env: Inputs): Runner {
  const isForgejo = env['FORGEJO_ACTIONS'] === 'true';
  const isGitea = !isForgejo && env['GITEA_ACTIONS'] === 'true';
  const isActType = isForgejo || isGitea || env['ACT'] === 'true';
  return {
    evaluatesDefaultsAnew: !isGitea,
    hasCheckRunId: !isActType && env['GITHUB_SERVER_URL'] === 'https://github.com',
    hasWorkflowRef: !isActType,
    saysCancelled: !isForgejo,
    narrowsComposites: isActType,
  };
}

/** The inputs of main: what the workflow writes, over the defaults. */
export function toMainInputs(written: Inputs, facts: Facts): Inputs {
  return { ...evaluate(defaults(), facts), ...evaluate(written, facts) };
}

/** The inputs of post: what the workflow writes is evaluated anew everywhere, the defaults only by some. */
export function toPostInputs(written: Inputs, runner: Runner, facts: { main: Facts; post: Facts }): Inputs {
  return {
    ...evaluate(defaults(), runner.evaluatesDefaultsAnew ? facts.post : facts.main),
    ...evaluate(written, facts.post),
  };
}

function defaults(): Inputs {
  return Object.fromEntries(Object.entries(MANIFEST.inputs).map(([name, input]) => [name, input.default ?? '']));
}

function evaluate(inputs: Inputs, { jobStatus, matrix = null, checkRunId, token, workflowRef }: Facts): Inputs {
  const values: Record<string, string> = {
    'job.status': jobStatus,
    'toJSON(matrix)': JSON.stringify(matrix, null, 2),
    'job.check_run_id': checkRunId,
    'job.workflow_ref': workflowRef,
    'github.token': token,
  };
  const expand = (text: string): string =>
    text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
      const value = values[expression];
      if (value === undefined) throw new Error(`This runner does not know \${{ ${expression} }}`);
      return value;
    });
  return Object.fromEntries(
    Object.entries(inputs).map(([name, text]) => [name, text === undefined ? undefined : expand(text)]),
  );
}
