/** Tests run on the compiled output: what is tested is what is shipped. */
const shared = { testEnvironment: 'node', transform: {} };
const services = ['<rootDir>/libs', '<rootDir>/services'];

export default {
  // ample: a hook that starts services waits for a database, a broker and whatever else the machine is doing
  testTimeout: 120_000,
  // most of a stack test is waiting for services, so a worker for each processor and not one fewer
  maxWorkers: '100%',
  testSequencer: '<rootDir>/deploy/dist/local/testing/longest-first.js',
  projects: [
    { ...shared, displayName: 'rules', roots: services, testMatch: ['**/dist/**/*.spec.js'] },
    {
      ...shared,
      displayName: 'stack',
      roots: [...services, '<rootDir>/deploy/dist'],
      testMatch: ['**/dist/**/*.it-spec.js'],
      globalSetup: '<rootDir>/deploy/dist/local/testing/setup.js',
      globalTeardown: '<rootDir>/deploy/dist/local/testing/teardown.js',
    },
    {
      ...shared,
      displayName: 'deploy',
      roots: ['<rootDir>/deploy/dist'],
      testMatch: ['**/dist/**/*.spec.js'],
    },
  ],
};
