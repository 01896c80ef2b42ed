import { randomUUID } from 'node:crypto';
import { appendFileSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { createHttp, createLoad } from './delivery/http.js';
import { toCauseChain, toSentence } from './model/problem.js';
import { createRedactor } from './model/text.js';
import type { Runner } from './runner/runner.js';
import { createGet } from './server/get.js';

/** Longer than any phase may take: only something that hangs is still there then. */
const LONGEST_PHASE = 630_000;

/** Bytes of an event file that are read; GitHub's own limit for payloads is 25 MB. */
const LONGEST_FILE = 32 * 1024 * 1024;

/** Runs a phase with the real world around it. The one catch: nothing that goes wrong here fails or holds up a job. */
export async function run(phase: (runner: Runner) => Promise<void>): Promise<void> {
  const stop = (error: unknown): never => {
    tell(error);
    process.exit();
  };
  process.on('uncaughtException', stop).on('unhandledRejection', stop);
  setTimeout(stop, LONGEST_PHASE, new Error('it took too long')).unref();
  // Node can't end while a name is looked up, and glibc takes 5 s for each try at a server that is silent
  // (resolv.conf(5)).
  process.env['RES_OPTIONS'] ??= 'timeout:2 attempts:1';
  try {
    await phase(runner);
  } catch (error) {
    tell(error);
  }
  // Not the natural end: Node would first wait for what V8 compiles in the background (120 ms on Node 20), or for a
  // socket left open.
  process.stdout.write('', () => process.exit());
}

function tell(error: unknown): void {
  // Whatever a runner calls its credentials; the inputs' variables have such names too.
  const names = Object.keys(process.env).filter((name) => /key|token|secret|password/i.test(name));
  const secrets = names.map((name) => process.env[name] ?? '');
  const redact = createRedactor(secrets);
  const problem = redact(
    toSentence({
      what: 'Datadog was not told about this job',
      why: `this action failed (${toCauseChain(error)})`,
      fix: 'The job itself is not affected; please report it.',
    }),
  );
  const isStrict = core.getInput('fail-on-error') || (process.env['DD_PIPELINE_FAIL_ON_ERROR'] ?? '').trim();
  if (isStrict.toLowerCase() === 'true') core.setFailed(problem);
  else core.warning(problem);
}

const runner: Runner = {
  env: process.env,
  input: (name) => core.getInput(name),
  sink: {
    debug: core.debug,
    info: core.info,
    notice: core.notice,
    warning: core.warning,
    fail: core.setFailed,
    group: (title, body) => {
      core.startGroup(title);
      core.info(body);
      core.endGroup();
    },
  },
  mask: core.setSecret,
  output: core.setOutput,
  export: core.exportVariable,
  saveState: core.saveState,
  loadState: core.getState,
  now: Date.now,
  // `performance` would load a part of Node for 2 ms.
  clock: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: Math.random,
  uuid: randomUUID,
  hostname: hostname(),
  readFile: (path) => {
    try {
      return readFileSync(path, 'utf8').slice(0, LONGEST_FILE);
    } catch {
      return undefined;
    }
  },
  readRegularFile: (path, most) => {
    try {
      const stats = lstatSync(path);
      if (!stats.isFile()) return { why: `${path} is no regular file` };
      if (stats.size > most) return { why: `${path} has ${stats.size} bytes, more than ${most}` };
      return { text: readFileSync(path, 'utf8') };
    } catch (error) {
      return { why: toCauseChain(error) };
    }
  },
  makeFile: (folder, name) => {
    try {
      const path = join(folder, name);
      writeFileSync(path, '', { flag: 'wx' });
      return path;
    } catch {
      return undefined;
    }
  },
  appendFile: (path, text) => {
    try {
      appendFileSync(path, text);
      return true;
    } catch {
      return false;
    }
  },
  openFolder: async (path) => {
    // Loaded late: most jobs have none.
    const { openFolder } = await import('./delivery/folder.js');
    return openFolder(path, () => process.hrtime()[0]);
  },
  readCommitObject: async (workspace, sha) => {
    // Loaded late: most events carry their commit.
    const { execFile } = await import('node:child_process');
    return new Promise((resolve) => {
      const env = { ...process.env, GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
      const options = { cwd: workspace, timeout: 2_000, env, windowsHide: true };
      // The work tree often belongs to another user than the one in the container; only this one object is read.
      execFile('git', ['-c', 'safe.directory=*', 'cat-file', 'commit', sha], options, (error, stdout) =>
        resolve(error ? undefined : stdout),
      );
    });
  },
  createHttp: () => createHttp(process.env),
  createGet: (token, baseUrl) => createGet(token, baseUrl, createLoad(process.env)),
};
