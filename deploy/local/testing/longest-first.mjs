import { createRequire } from 'node:module';

// its types speak of another shape than a module gets
const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer');

/** Suites of a minute and more, the longest first: one that begins last keeps one processor waiting for it. */
const longest = [
  'deploy/gateways',
  'deploy/faults/short',
  'deploy/journey',
  'messages/sender.it',
  'kafka/kafka-broker.it',
  'sales/dist/rebuild.it',
  'campaigns/campaigns.it',
  'deploy/check/openapi',
];

/** @param {{ path: string }} test */
function rank({ path }) {
  const place = longest.findIndex((part) => path.replaceAll('\\', '/').includes(part));
  return place < 0 ? longest.length : place;
}

/** Jest's own order of suites, behind those that take longest. */
export default class LongestFirst extends Sequencer {
  /** @param {{ path: string }[]} tests */
  async sort(tests) {
    return [...(await super.sort(tests))].sort((a, b) => rank(a) - rank(b));
  }
}
