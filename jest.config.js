/** Tests run on the compiled output: what is tested is what is shipped. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/libs', '<rootDir>/services'],
  testMatch: ['**/dist/**/*.spec.js', '**/dist/**/*.it-spec.js'],
  transform: {},
};
