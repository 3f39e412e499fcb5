/** One form for all code: what a line looks like is nobody's decision. */
export default {
  printWidth: 120,
  singleQuote: true,
  plugins: ['@ianvs/prettier-plugin-sort-imports'],
  // what comes with Node, then packages, then our own libs, then the service's own files, far ones first
  importOrder: ['<BUILTIN_MODULES>', '<THIRD_PARTY_MODULES>', '^@quen/', '^[.][.]/', '^[.]/'],
  importOrderParserPlugins: ['typescript', 'decorators'],
  importOrderTypeScriptVersion: '6.0.0',
};
