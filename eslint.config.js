import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Dependency direction: functions → shared/http, shared/io → shared/core → nothing.
 * test/lint/direction.test.ts proves that each rule below fires.
 */
const forbid = (message, group) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group, message }] }],
});

const CORE_IMPORTS = 'shared/core has no I/O and imports nothing but shared/core.';

export default tseslint.config(
  {
    ignores: ['**/dist/', '**/build/', 'node_modules/', 'coverage/', '.training/', '.models/', '**/*.min.js'],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: 'error',
      'no-console': 'error',
      'max-params': ['error', 3],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['shared/core/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['**/http/**', '**/io/**', '**/functions/**'], message: CORE_IMPORTS },
            // The tokenizer is arithmetic on strings.
            { regex: '^(?!\\.|@huggingface/tokenizers$)', message: CORE_IMPORTS },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'shared/core gets its settings as values.' },
        { name: 'Date', message: 'shared/core has no clock.' },
        { name: 'performance', message: 'shared/core has no clock.' },
        { name: 'fetch', message: 'shared/core has no I/O.' },
        { name: 'setTimeout', message: 'shared/core has no clock.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Pass a seeded generator.' },
      ],
    },
  },
  {
    files: ['shared/http/**/*.ts'],
    rules: forbid('shared/http imports shared/core only.', ['**/io/**', '**/functions/**']),
  },
  {
    files: ['shared/io/**/*.ts'],
    rules: forbid('shared/io imports shared/core only.', ['**/http/**', '**/functions/**']),
  },
  {
    files: ['functions/clip/**/*.ts'],
    rules: forbid('Functions never import each other.', ['**/frontend/**', '**/trainer/**']),
  },
  {
    files: ['functions/trainer/**/*.ts'],
    rules: forbid('Functions never import each other.', ['**/frontend/**', '**/clip/**']),
  },
  {
    files: ['functions/frontend/**/*.ts'],
    rules: forbid('Functions never import each other; the frontend carries no inference.', [
      '**/clip/**',
      '**/trainer/**',
      '**/io/**',
    ]),
  },
  {
    files: ['scripts/**/*.ts', 'test/**/*.ts', 'template/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly', module: 'writable' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly' },
    },
  },
);
