import { createRequire } from 'node:module';

// its types speak of another shape than a module gets
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** Suites of a minute and more, the longest first: one that begins last keeps one processor waiting for it. */
const longest = [
  'deploy/dist/gateways',
  'deploy/dist/faults/short',
  'deploy/dist/journey',
  'messages/sender.it',
  'kafka/kafka-broker.it',
  'sales/dist/rebuild.it',
  'campaigns/campaigns.it',
  'deploy/dist/check/openapi',
];

function rank({ path }: { path: string }) {
  const place = longest.findIndex((part) => path.replaceAll('\\', '/').includes(part));
  return place < 0 ? longest.length : place;
}

/** Jest's own order of suites, behind those that take longest. */
export default class LongestFirst extends Sequencer {
  async sort(tests: { path: string }[]) {
    return [...(await super.sort(tests))].sort((a, b) => rank(a) - rank(b));
  }
}
