import tseslint from 'typescript-eslint';
import quen, { stillLong } from './eslint.rules.js';

const kafka = {
  name: 'kafkajs',
  message: "Only libs/messaging (and the tests' bus in libs/testing) knows the Kafka client.",
};
const persistence = {
  name: 'typeorm',
  importNames: [
    'DataSource',
    'Repository',
    'EntityManager',
    'BaseEntity',
    'getRepository',
    'getManager',
    'createConnection',
  ],
  message:
    'Reach the database through database.transaction(tx => …): then scope, events and effects share one transaction.',
};
const patches = {
  name: '@nestjs/swagger',
  importNames: ['PartialType'],
  message: 'It lets null pass for every field; PatchOf of @quen/chassis does not.',
};
const environment = [{ object: 'process', property: 'env', message: "Settings come from the service's *.config.ts." }];
const environmentImport = {
  name: 'node:process',
  importNames: ['env'],
  message: "Settings come from the service's *.config.ts.",
};

const firmsDay =
  "Days are the firm's: civilDay(instant, zone) of @quen/chassis, or quen_day, quen_today and quen_midnight in SQL.";
const civilDays = [
  { selector: 'TemplateElement[value.raw=/\\bcurrent_date\\b/i]', message: firmsDay },
  { selector: 'Literal[value=/\\bcurrent_date\\b/i]', message: firmsDay },
  {
    selector:
      "CallExpression[callee.property.name=/^(slice|split|substring)$/][callee.object.callee.property.name='toISOString']",
    message: firmsDay,
  },
  {
    selector: "MemberExpression[object.name='Intl'][property.name='DateTimeFormat']",
    message: 'Days and hours of a zone: civilDay and minuteOfDay of @quen/chassis.',
  },
  {
    selector: 'Literal[regex.pattern=/^\\^\\\\d\\{4\\}-[^T]*$/]',
    message: 'A civil date is @CivilDate(), or isCivilDate(value), of @quen/events: they know the calendar.',
  },
];

const moment = 'A use case has the moment of its transaction: momentOf(tx) of @quen/chassis, without a round trip.';
const moments = ['TemplateElement[value.raw', 'Literal[value'].flatMap((text) => [
  { selector: `${text}=/\\bselect\\s+(clock_timestamp|now)\\(\\)(\\s+as\\s+\\w+)?\\s*$/i]`, message: moment },
]);

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '.local/', 'coverage/', 'deploy/sample/api/'] },
  // a rule that a comment can switch off is none
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['{libs,services}/*/src/**/*.ts', 'deploy/**/*.ts'],
    extends: [tseslint.configs.base],
    // one program for all: the types of the packages are worked out once, not once per project
    languageOptions: { parserOptions: { project: 'tsconfig.lint.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, variables: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      'max-lines': ['error', 400],
      'no-restricted-imports': ['error', { paths: [kafka, environmentImport, patches] }],
      'no-restricted-properties': ['error', ...environment],
    },
  },
  {
    files: ['services/*/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.it-spec.ts', '**/*.it-support.ts', '**/migrations/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [kafka, environmentImport, persistence, patches] }],
      'no-restricted-syntax': ['error', ...civilDays, ...moments],
    },
  },
  {
    files: ['libs/{messaging,testing}/src/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [environmentImport] }] },
  },
  {
    // what starts processes hands the environment on to them, and what measures or breaks the bus speaks to Kafka itself
    files: ['deploy/**/*.ts', 'libs/engines/src/**/*.ts'],
    rules: { 'no-restricted-imports': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['libs/chassis/src/http/body-decorators.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [kafka, environmentImport] }] },
  },
  // it-specs learn from the environment where the run's Postgres and Kafka are
  {
    files: [
      '**/*.config.ts',
      '**/*.it-spec.ts',
      'libs/testing/src/**/*.ts',
      'libs/messaging/src/testing/**/*.ts',
      'libs/chassis/src/example-service/**/*.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // a test may show that something does not compile
    files: ['**/*.spec.ts', '**/*.it-spec.ts'],
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': false, 'ts-ignore': true, 'ts-nocheck': true },
      ],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.it-spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(skip|only|todo|failing)$/]',
          message: 'A test runs, or it goes.',
        },
        {
          selector: 'CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/]',
          message: 'A test runs, or it goes.',
        },
      ],
    },
  },
  {
    files: ['{libs,services}/**/*.{spec,it-spec}.ts'],
    plugins: { quen },
    rules: { 'quen/short-tests': ['error', 40] },
  },
  ...Object.entries(stillLong).map(([file, longest]) => ({
    files: [file],
    rules: { 'quen/short-tests': ['error', longest] },
  })),
  {
    files: ['deploy/build/*.mjs'],
    rules: {
      'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'max-lines': ['error', 400],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
);
