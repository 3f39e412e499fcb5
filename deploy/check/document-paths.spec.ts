import { root } from '../local/settings.js';
import { documents, missingPaths } from './document-paths.js';

it.each(documents(root))('every path in %s exists', (document) => {
  expect(missingPaths(root, document)).toEqual([]);
});

it('a path that does not exist is found in links, in backticks and in text', () => {
  const text = [
    'See [one](docs/none.md#part), [two](../nowhere), [known](docs/runbooks/README.md#top), [away](https://a.example/docs/x).',
    'Code in `services/sales/src/nothing/**`, `models/gone.ts`, `../gone/`, `libs/<name>/README.md`; `crm/any` is no path.',
    'Run node services/sales/dist/main.js, deploy/dist/check/document-paths.js or services/sales/dist/gone.js.',
  ].join('\n');
  expect(missingPaths(root, 'README.md', text).map(({ path }) => path)).toEqual([
    'docs/none.md',
    '../nowhere',
    'models/gone.ts',
    '../gone/',
    'services/sales/src/nothing/**',
    'services/sales/dist/gone.js',
  ]);
});
