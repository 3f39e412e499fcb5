import { randomUUID } from 'node:crypto';
import { build, OpportunityLost } from '@quen/events';
import { TestBus } from './bus.js';
import { eventually } from './eventually.js';
import { newNamespace } from './service.js';

describe('the bus of a test', () => {
  const bus = new TestBus(process.env.KAFKA_BROKERS ?? '', newNamespace());
  const other = new TestBus(process.env.KAFKA_BROKERS ?? '', newNamespace());
  beforeAll(() => Promise.all([bus.createTopics(), other.createTopics()]));
  afterAll(() => Promise.all([bus.stop(), other.stop()]));

  it('gives back what was sent, in its own namespace only', async () => {
    const lost = build(OpportunityLost, sample());
    await bus.send(lost, { version: 7 });
    const record = await eventually(async () => {
      const [first] = await bus.published(OpportunityLost);
      if (!first) throw new Error('nothing yet');
      return first;
    });
    expect(record).toMatchObject({
      key: lost.opportunityId,
      data: { opportunityId: lost.opportunityId, aggregateVersion: 7 },
      headers: { ce_sequence: '7', ce_specversion: '1.0' },
    });
    expect(await other.published(OpportunityLost)).toEqual([]);
  });
});

function sample() {
  return { opportunityId: randomUUID(), customerId: randomUUID(), reason: 'price', ownerId: randomUUID() };
}
