import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What a workflow may not ask, because a replay would be answered differently. */
const undeterministic = [
  { name: 'process', message: 'A workflow has no process.' },
  { name: 'fetch', message: 'A workflow does no I/O; call an activity.' },
  { name: 'Intl', message: 'Its data differ between machines; format in an activity or a page.' },
  { name: 'setTimeout', message: 'Wait by Nudges, which keeps its timer.' },
  { name: 'crypto', message: 'Randomness comes from an activity.' },
];

/** What a pure function may not ask. */
const impure = [
  { name: 'process', message: 'The domain knows no process.' },
  { name: 'fetch', message: 'The domain does no I/O.' },
  { name: 'Intl', message: 'Use luxon or a library; Intl depends on the machine.' },
  { name: 'setTimeout', message: 'The domain takes moments, it never waits.' },
  { name: 'crypto', message: 'The domain has no randomness; ids are handed in.' },
];

const noClock = [
  { object: 'Date', property: 'now', message: 'Time is an argument.' },
  { object: 'Math', property: 'random', message: 'Randomness is an argument.' },
  { object: 'DateTime', property: 'now', message: 'Time is an argument.' },
  { object: 'DateTime', property: 'local', message: 'Time is an argument.' },
  { object: 'performance', property: 'now', message: 'Time is an argument.' },
];

const noArgumentlessDate = {
  selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
  message: 'Time is an argument.',
};

export default tseslint.config(
  { ignores: ['node_modules/', '.lockstep/', 'prisma/generated/', 'test/histories/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // `newId<LeadId>()` names what the id is of.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      // Fastify's plugins and activities are async by contract, whether or not they wait.
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 300 }],
      'no-console': 'error',
    },
  },
  {
    files: ['domain/**'],
    rules: {
      'no-restricted-globals': ['error', ...impure],
      'no-restricted-properties': ['error', ...noClock],
      'no-restricted-syntax': ['error', noArgumentlessDate],
    },
  },
  {
    files: ['workflows/**'],
    rules: {
      'no-restricted-globals': ['error', ...undeterministic],
      'no-restricted-properties': ['error', ...noClock],
      'no-restricted-syntax': [
        'error',
        noArgumentlessDate,
        {
          selector: 'MemberExpression[property.name="startTime"]',
          message: "A child's start time is wall time; the domain's time comes from activities.",
        },
        {
          selector: 'CallExpression[callee.name=/^(startChild|executeChild)$/]',
          message: 'Workflows are started by activities, through engine/engine.ts.',
        },
        {
          selector: 'CallExpression[callee.name="continueAsNew"]',
          message: 'Go on afresh through workflows/continue.ts.',
        },
      ],
    },
  },
  // The files that own what the others may not use.
  { files: ['workflows/nudges.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['workflows/continue.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', URL: 'readonly' } },
  },
);
