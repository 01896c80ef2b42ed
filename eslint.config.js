import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

const PROCESS = { name: 'process', message: 'Only runtime.ts touches the process; take what you need as an argument.' };
const SERVERS = {
  selector: 'Literal[value=/gitea|forgejo/i]',
  message: 'Only server/platforms/ knows the servers; ask the platform what it can do.',
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/']),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/dot-notation': 'off',
      // A Runner is a record of functions, not an object with methods.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': ['error', PROCESS],
      'no-restricted-syntax': ['error', SERVERS],
    },
  },
  { files: ['src/runtime.ts'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['src/server/platforms/**/*.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.js'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'Buffer',
          'URL',
          'URLSearchParams',
          'setTimeout',
          'clearTimeout',
          'performance',
          'fetch',
          'AbortSignal',
          'AbortController',
          'TextDecoder',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    // Compiled on their own, with the browser's types, which know what is defined there.
    files: ['viewer/page/*.js'],
    rules: { 'no-undef': 'off' },
  },
);
