/**
 * The boundaries of docs and design, as far as imports show them. Each rule is seen red by
 * deploy/check/boundaries.spec.ts.
 */
const { globSync } = require('node:fs');
const { dirname } = require('node:path');

const spec = '\\.(spec|it-spec)\\.ts$';
/** What is compiled with a package and not shipped: its tests, and what only they import. */
const tests = [
  '\\.(spec|it-spec|it-support)\\.ts$',
  '^libs/(testing|messaging/src/testing|chassis/src/example-service)/',
];

/**
 * The floors of chassis, the lowest first: a folder imports folders that stand before it, and none that stands behind.
 */
const floors = [
  'text',
  'time',
  'config',
  'operations',
  'problems',
  'database',
  'rules',
  'access',
  'http',
  'views',
  'lists',
  'uploads',
  'idempotency',
  'schedules',
  'jobs',
  'rebuilds',
  'replicas',
  'branches',
  'imports',
  'exports',
  'bus',
  'slices',
  'documentation',
  'service',
];
const floor = (/** @type {string} */ name) => `^libs/chassis/src/${name}/`;

/** Folders that hold groups of slices, e.g. sales/src/catalogue with products and prices; in all others a slice lies. */
const groups = [
  ...new Set(
    globSync('services/*/src/*/*/*.module.ts', { cwd: __dirname }).map((path) =>
      dirname(dirname(path)).split('/').pop(),
    ),
  ),
];
const sliceFolder = `(?:(?:${groups.join('|')})/)?[^/]+`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'services-are-strangers',
      severity: 'error',
      comment: 'A service learns from another by its topics, never by an import.',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'slices-meet-in-services',
      severity: 'error',
      comment:
        "A slice reaches another slice only through its *.service.ts and its module; value objects and column types are vocabulary, not a slice's inside.",
      from: { path: `^services/([^/]+)/src/(${sliceFolder})/`, pathNot: [spec, '/migrations/'] },
      to: {
        path: `^services/$1/src/${sliceFolder}/`,
        pathNot: ['^services/$1/src/$2/', '\\.(service|module|value|column)\\.ts$'],
      },
    },
    {
      name: 'libs-know-no-service',
      severity: 'error',
      comment: 'Libraries are below the services.',
      from: { path: '^libs/' },
      to: { path: '^services/' },
    },
    {
      name: 'libs-know-no-deploy',
      severity: 'error',
      comment: 'What libraries and services need is a library; deploy stands on them.',
      from: { path: '^(libs|services)/' },
      to: { path: '^deploy/' },
    },
    {
      name: 'local-knows-no-tools',
      severity: 'error',
      comment: 'What bench, check, faults and the commands stand on does not know them.',
      from: { path: '^deploy/local/', pathNot: spec },
      to: { path: '^deploy/(?!(local|build)/)' },
    },
    {
      name: 'events-stand-alone',
      severity: 'error',
      comment: 'events ← messaging ← chassis',
      from: { path: '^libs/events/' },
      to: { path: '(^|/)libs/(engines|messaging|chassis)/' },
    },
    {
      name: 'engines-stand-alone',
      severity: 'error',
      comment: 'What starts Postgres and Kafka knows nothing of what runs on them.',
      from: { path: '^libs/engines/' },
      to: { path: '(^|/)libs/(?!engines/)[^/]+/' },
    },
    {
      name: 'messaging-knows-events-only',
      severity: 'error',
      comment: 'events ← messaging ← chassis',
      from: { path: '^libs/messaging/' },
      to: { path: '(^|/)libs/chassis/' },
    },
    {
      name: 'testing-knows-events-only',
      severity: 'error',
      comment: 'events ← testing, so that the tests of messaging and of chassis may use it.',
      from: { path: '^libs/testing/' },
      to: { path: '(^|/)libs/(messaging|chassis)/' },
    },
    ...floors.slice(0, -1).map((name, index) => ({
      name: 'chassis-imports-downwards',
      severity: /** @type {const} */ ('error'),
      comment: `What ${name} needs stands on a lower floor of chassis.`,
      from: { path: floor(name), pathNot: spec },
      to: { path: `^libs/chassis/src/(index\\.ts|(${floors.slice(index + 1).join('|')})/)` },
    })),
    {
      name: 'chassis-has-floors',
      severity: 'error',
      comment: 'A folder of chassis stands on a floor; name it in the list above.',
      from: {},
      to: { path: '^libs/chassis/src/[^/]+/', pathNot: [...floors, 'example-service'].map(floor) },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      comment: 'What is shipped does not carry the test stack.',
      from: { path: '^(libs|services)/', pathNot: [...tests, '^libs/engines/'] },
      to: {
        path: ['(^|/)libs/(testing|engines)/', '(^|/)libs/(messaging|chassis)/(src|dist)/(testing|example-service)/'],
      },
    },
    {
      name: 'examples-show-what-is-public',
      severity: 'error',
      comment: 'The example service uses chassis as a service does, by its entry.',
      from: { path: '^libs/chassis/src/example-service/', pathNot: spec },
      to: {
        path: '^libs/chassis/src/',
        pathNot: ['^libs/chassis/src/index\\.ts$', '^libs/chassis/src/example-service/'],
      },
    },
    {
      name: 'libs-by-their-entry',
      severity: 'error',
      comment: 'A library is used by its package name, never by a path into it.',
      from: { path: '^(services|libs)/([^/]+)/' },
      to: { path: '(^|/)libs/([^/]+)/(src|dist)/', pathNot: ['(^|/)$1/$2/', '/dist/index\\.js$'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Files that need each other are one file, or one of them too much.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'imports-resolve',
      severity: 'error',
      comment: 'An import that cannot be found is not checked either.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['\\.d\\.ts$', '^deploy/dist/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default', 'node'] },
  },
};
