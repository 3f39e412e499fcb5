/** Tests run on the compiled output: what is tested is what is shipped. */
const shared = { testEnvironment: 'node', transform: {} };
const services = ['<rootDir>/libs', '<rootDir>/services'];

export default {
  // ample: a hook that starts services waits for a database, a broker and whatever else the machine is doing
  testTimeout: 120_000,
  // most of a stack test is waiting for services, so a worker for each processor and not one fewer
  maxWorkers: '100%',
  testSequencer: '<rootDir>/deploy/local/testing/longest-first.mjs',
  projects: [
    { ...shared, displayName: 'rules', roots: services, testMatch: ['**/dist/**/*.spec.js'] },
    {
      ...shared,
      displayName: 'stack',
      roots: [...services, '<rootDir>/deploy'],
      moduleFileExtensions: ['js', 'mjs', 'json', 'node'],
      testMatch: ['**/dist/**/*.it-spec.js', '**/deploy/**/*.it-spec.mjs'],
      globalSetup: '<rootDir>/deploy/local/testing/setup.mjs',
      globalTeardown: '<rootDir>/deploy/local/testing/teardown.mjs',
    },
    {
      ...shared,
      displayName: 'deploy',
      roots: ['<rootDir>/deploy'],
      moduleFileExtensions: ['mjs', 'js', 'json', 'node'],
      testMatch: ['**/*.spec.mjs', '**/dist/**/*.spec.js'],
    },
  ],
};
