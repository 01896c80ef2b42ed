// @ts-check
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The Chromium that this machine has; `CHROMIUM` names another. `scripts/browser.sh` installs one. */
function findBrowser() {
  const { CHROMIUM, PATH = '' } = process.env;
  const candidates = CHROMIUM
    ? [CHROMIUM]
    : PATH.split(delimiter).flatMap((dir) => NAMES.map((name) => join(dir, name)));
  const found = candidates.find(isProgram);
  if (!found) throw new Error('There is no Chromium here: run "bash scripts/browser.sh", or name one in CHROMIUM.');
  return found;
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts it. Its own sandbox needs rights that a container's root does not have; it sees pages of this repository only. */
export const launchBrowser = () =>
  chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--font-render-hinting=none', '--disable-lcd-text'],
  });
