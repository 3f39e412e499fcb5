import { build, CustomerRanked, ModelPublished, Money, OrderConfirmed, OrderLine } from '@quen/events';
import { newId } from '@quen/messaging';
import { eventually, startService, type TestService } from '@quen/testing';
import { AnalyticsConfig } from '../analytics.config.js';
import { AnalyticsModule } from '../analytics.module.js';

describe('models and the policy of ranks', () => {
  let analytics: TestService;
  beforeAll(async () => { analytics = await startService(AnalyticsModule, AnalyticsConfig); });
  afterAll(() => analytics.stop());
  const administrator = () => analytics.as({ roles: ['administrator'] });

  async function finished(location: string) {
    return eventually(async () => {
      const { body } = await administrator().get(location);
      expect(['succeeded', 'failed']).toContain(body.state);
      return body;
    });
  }

  it('refuses to fit a model to a handful of buyers, and says so', async () => {
    const answer = await administrator().post('/v1/models', {});
    expect(answer.status).toBe(202);
    expect(await finished(answer.headers.get('location')!)).toMatchObject({ state: 'failed', problem: { code: 'too_few_buyers' } });
  });

  it('fits a model to the history, publishes it and calculates everybody with it', async () => {
    const customers = Array.from({ length: 220 }, newId);
    await Promise.all(customers.flatMap((customerId, index) => Array.from({ length: 1 + (index % 4) }, (_, n) => analytics.receive(build(OrderConfirmed, {
      orderId: newId(), orderCode: `DH-${index}-${n}`, customerId, orderedOn: `2026-${String(1 + ((index + n * 2) % 10)).padStart(2, '0')}-05`, branchId: newId(), origin: 'import', total: Money.of(2_000_000),
      lines: [build(OrderLine, { line: 1, productId: newId(), productCode: 'A', quantity: '1', amount: Money.of(1_000_000 + (index % 9) * 300_000), cost: Money.of(700_000) })],
    })))));
    await eventually(async () => expect(await analytics.sql('select count(*)::int as n from sales_fact')).toEqual([{ n: 550 }]), { timeoutMs: 30_000 });
    const answer = await administrator().post('/v1/models', { discountRate: 0.1 });
    expect(await finished(answer.headers.get('location')!)).toMatchObject({ state: 'succeeded', result: { modelVersion: 2, customers: 220 } });
    expect((await administrator().get('/v1/models/current')).body).toMatchObject({ version: 2, customers: 220, discountRate: 0.1, horizonYears: 3 });
    expect(await analytics.published(ModelPublished)).toMatchObject({ modelVersion: 2, customers: 220 });
    expect(await analytics.sql('select distinct model_version from insight where orders > 0')).toEqual([{ model_version: 2 }]);
    expect(await analytics.sql(`select 1 from insight where lifetime_value = 'NaN' or lifetime_value < 0`)).toEqual([]);
  });

  it('a new policy of ranks ranks customers anew, and publishes only those that moved', async () => {
    const { body } = await administrator().get('/v1/rank-policy');
    const steps = body.steps.map((step: { rank: string; minimumValue: number }) => ({ ...step, minimumValue: step.minimumValue / 10 }));
    const answer = await administrator().put('/v1/rank-policy', { steps });
    expect(answer.status).toBe(202);
    expect(await finished(answer.headers.get('location')!)).toMatchObject({ state: 'succeeded' });
    expect(await analytics.published(CustomerRanked, (ranked) => ranked.rank === 'silver')).toBeDefined();
    expect(await analytics.sql(`select 1 from insight i where orders > 0 and rank <> (select rank from rank_policy p where p.minimum_value <= least(i.revenue, i.paid) order by position desc limit 1)`)).toEqual([]);
  });

  it.each([
    ['falls', (steps: { minimumValue: number }[]) => [...steps].reverse()],
    ['begins above 0', (steps: { minimumValue: number }[]) => steps.map((step) => ({ ...step, minimumValue: step.minimumValue + 1 }))],
  ])('refuses a policy that %s', async (_, change) => {
    const { body } = await administrator().get('/v1/rank-policy');
    const answer = await administrator().put('/v1/rank-policy', { steps: change(body.steps) });
    expect(answer).toMatchObject({ status: 422, body: { code: 'rank_policy_not_rising' } });
  });
});
