/** Tests run on the compiled output: what is tested is what is shipped. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/libs', '<rootDir>/services', '<rootDir>/deploy'],
  testMatch: ['**/dist/**/*.spec.js', '**/dist/**/*.it-spec.js', '**/deploy/**/*.spec.mjs'],
  transform: {},
};
