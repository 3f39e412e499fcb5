import { newestOfEach, type Received } from './received.js';

describe('the newest event of each aggregate', () => {
  const event = (aggregateId: string, version: number, id = `${aggregateId}${version}`): Received<null> => ({
    id,
    type: 'crm.lab.counter-state.v1',
    data: null,
    aggregateId,
    version,
    occurredAt: new Date(0),
    topic: 'crm.lab.counter.state.v1',
    partition: 0,
    offset: '0',
    correlationId: undefined,
    causationId: undefined,
    traceparent: undefined,
    actor: undefined,
    branch: undefined,
  });

  it('is the one with the highest version, wherever it stands', () => {
    expect(newestOfEach([event('a', 5), event('b', 1), event('a', 3), event('b', 2)]).map(({ id }) => id)).toEqual([
      'a5',
      'b2',
    ]);
  });

  it('is the later one of equal versions', () => {
    expect(newestOfEach([event('a', 5, 'first'), event('a', 5, 'second')]).map(({ id }) => id)).toEqual(['second']);
  });
});
