import { probe } from './probe.mjs';
import { Gateways } from './stack.mjs';

describe('the gateways of all services', () => {
  /** @type {Gateways} */
  let gateways;
  beforeAll(async () => {
    gateways = await Gateways.start();
  }, 240_000);
  afterAll(() => gateways?.stop(), 60_000);

  it('answer whatever stands in whatever field of their bodies, and publish what they take', async () => {
    const findings = await probe(gateways, gateways.operations.filter(({ service, path }) => service === 'identity' || !path.startsWith('/v1/bus')));
    console.log(findings.sent, findings.statuses);
    expect(findings.lines).toEqual([]);
    expect(findings.unreached).toEqual([]);
  }, 300_000);
});
