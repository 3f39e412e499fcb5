import type { Logger } from 'pino';
import { MessagingMetrics } from '../metrics.js';
import { UnknownTypes } from './unknown-types.js';

const place = { consumer: 'crm.lab.effects', topic: 'crm.lab.counter.v1' };

describe('What a group passes over', () => {
  it('is counted by type and logged once for each', async () => {
    const metrics = new MessagingMetrics();
    const lines: object[] = [];
    const unknown = new UnknownTypes(metrics, { warn: (line: object) => lines.push(line) } as unknown as Logger);
    for (const type of ['crm.lab.a.v1', 'crm.lab.b.v1', 'crm.lab.a.v1']) unknown.passed(place, type);
    expect(lines).toMatchObject([{ type: 'crm.lab.a.v1' }, { type: 'crm.lab.b.v1' }]);
    expect((await metrics.unknownEvents.get()).values.map(({ value }) => value)).toEqual([2, 1]);
  });

  it('makes a hundred time series at most, whatever a producer sends', async () => {
    const metrics = new MessagingMetrics();
    const unknown = new UnknownTypes(metrics);
    for (let n = 0; n < 500; n += 1) unknown.passed(place, `crm.lab.t${n}.v1`);
    const { values } = await metrics.unknownEvents.get();
    expect(values).toHaveLength(101);
    expect(values.at(-1)).toMatchObject({ labels: { type: 'other' }, value: 400 });
  });
});
