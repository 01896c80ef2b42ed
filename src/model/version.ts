/** This action's own version (a test compares it with package.json): a tag on every event. */
export const VERSION = '1.0.0';

/** What this action is called, wherever it is hosted. */
export const NAME = 'datadog-pipeline-events';

/** By what servers and intakes know it. */
export const USER_AGENT = `${NAME}/${VERSION}`;
