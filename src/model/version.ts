/** This action's own version (a test compares it with package.json): a tag on every event, and in the user agent. */
export const VERSION = '1.0.0';
