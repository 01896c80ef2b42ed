/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // Those in a browser need one installed, and are a command of their own: npm run test:browser.
  testMatch: ['<rootDir>/__tests__/!(browser)/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'es6' } }] },
  // Datadog's model takes a few seconds to load on a busy machine.
  testTimeout: 60_000,
};
