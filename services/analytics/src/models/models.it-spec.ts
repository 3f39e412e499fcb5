import { build, CaseRated, CustomerInsightState, CustomerRanked, ModelPublished, Money } from '@quen/events';
import { newId } from '@quen/messaging';
import {
  aCase,
  aLine,
  aMessage,
  anOrder,
  aPayment,
  aReturn,
  eventually,
  solution,
  startService,
  type TestService,
} from '@quen/testing';

const order = (customerId: string, orderedOn: string, amount: number, cost = amount * 0.6) =>
  anOrder(customerId, amount, { orderedOn, lines: [aLine(amount, { cost: Money.of(cost) })] });
const back = (of: Parameters<typeof aReturn>[0], returnedOn: string, amount: number, quantity = '1') =>
  aReturn(of, amount, { returnedOn, lines: [aLine(amount, { quantity })] });

describe('models and the policy of ranks', () => {
  let analytics: TestService;
  beforeAll(async () => {
    analytics = await startService('analytics');
  });
  afterAll(() => analytics.stop());
  const administrator = () => analytics.as({ roles: ['administrator'] });

  /** Has a model fitted, and waits until that job has ended. */
  const fitted = async (body: object) => {
    const answer = await administrator().post('/v1/models', body);
    expect(answer.status).toBe(202);
    return administrator().jobResult(answer.headers.get('location')!);
  };
  const model = async (version: number | 'current') => (await administrator().get(`/v1/models/${version}`)).body;
  const insight = async (customerId: string, query = '') =>
    (await administrator().get(`/v1/insights/${customerId}${query}`)).body;
  const calculated = [
    'lifetimeValue',
    'aliveProbability',
    'purchaseProbability',
    'ordersNextYear',
    'expectedOrderValue',
    'marginRate',
    'recencyScore',
    'frequencyScore',
    'valueScore',
  ];
  const figures = (of: Record<string, unknown>) => Object.fromEntries(calculated.map((name) => [name, of[name]]));
  const received = (customerId: string, facts: number) =>
    eventually(async () => expect(await insight(customerId)).toMatchObject({ version: facts }));

  it('says of the model that Quen comes with that it is no model of this firm', async () => {
    const builtIn = {
      version: 1,
      basis: 'built-in',
      inUse: true,
      customers: 0,
      asOf: null,
      purchases: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
    };
    expect(await model('current')).toMatchObject(builtIn);
    expect(await model(1)).toMatchObject(builtIn);
    expect((await administrator().get('/v1/models/7')).status).toBe(404);
    expect((await administrator().get('/v1/models/x')).status).toBe(400);
    expect((await administrator().get('/v1/models')).body.data).toMatchObject([builtIn]);
    const id = newId();
    await analytics.receive(order(id, '2026-11-01', 1_000_000));
    expect(await analytics.published(CustomerInsightState, ({ customerId }) => customerId === id)).toMatchObject({
      modelVersion: 1,
      modelBasis: 'built-in',
      purchases: 1,
    });
    const { modelBasis, reasons } = await insight(id);
    expect([modelBasis, reasons.find(({ code }: { code: string }) => code === 'lifetime_value').text]).toEqual([
      'built-in',
      expect.stringContaining('built in, not fitted'),
    ]);
    // The numbers of buyers below are without this one.
    for (const table of ['purchase_day', 'sales_fact', 'insight'])
      await analytics.sql(`delete from ${table} where customer_id = $1`, [id]);
  });

  it('refuses to fit a model to a handful of buyers, and says so', async () => {
    expect(await fitted({})).toMatchObject({ state: 'failed', problem: { code: 'too_few_buyers' } });
  });

  it('fits a model to the history, publishes it and calculates everybody with it', async () => {
    const customers = Array.from({ length: 220 }, newId);
    await Promise.all(
      customers.flatMap((customerId, index) =>
        Array.from({ length: 1 + (index % 4) }, (_, n) =>
          analytics.receive(
            anOrder(customerId, 2_000_000, {
              orderedOn: `2026-${String(1 + ((index + n * 2) % 10)).padStart(2, '0')}-05`,
              origin: 'import',
              lines: [aLine(1_000_000 + (index % 9) * 300_000, { cost: Money.of(700_000) })],
            }),
          ),
        ),
      ),
    );
    await eventually(
      async () => expect(await analytics.sql('select count(*)::int as n from sales_fact')).toEqual([{ n: 550 }]),
      { timeoutMs: 30_000 },
    );
    expect(await fitted({ discountRate: 0.1 })).toMatchObject({
      state: 'succeeded',
      result: { modelVersion: 2, customers: 220 },
    });
    expect(await model('current')).toMatchObject({ version: 2, customers: 220, discountRate: 0.1, horizonYears: 3 });
    expect(await analytics.published(ModelPublished)).toMatchObject({
      modelVersion: 2,
      customers: 220,
      basis: 'fitted',
      parameters: { discountRate: 0.1, moneyUnit: 1_000_000, r: expect.any(Number) as number },
    });
    expect(await model(2)).toMatchObject({
      basis: 'fitted',
      inUse: true,
      asOf: expect.stringMatching(/^20/) as string,
    });
    expect(await model(1)).toMatchObject({ basis: 'built-in', inUse: false });
    expect(await analytics.sql('select distinct model_version from insight where orders > 0')).toEqual([
      { model_version: 2 },
    ]);
    expect(await analytics.sql(`select 1 from insight where lifetime_value = 'NaN' or lifetime_value < 0`)).toEqual([]);
  });

  it('orders of one day are one purchase, for scores, chances and value', async () => {
    const [one, three] = [newId(), newId()];
    await analytics.receive(order(one, '2026-09-01', 3_000_000));
    for (let n = 0; n < 3; n++) await analytics.receive(order(three, '2026-09-01', 1_000_000));
    await Promise.all([received(one, 1), received(three, 3)]);
    const [single, split] = [await insight(one), await insight(three)];
    expect([single.orders, split.orders, split.purchases]).toEqual([1, 3, 1]);
    expect(figures(split)).toEqual(figures(single));
  });

  it('what came back wholly or was free is no purchase, what came back in part stays one, and each return is looked at anew', async () => {
    const [whole, part, gift] = [newId(), newId(), newId()];
    const [first, second] = [order(whole, '2026-09-01', 3_000_000), order(part, '2026-09-01', 4_000_000)];
    for (const event of [first, order(whole, '2026-10-01', 1_000_000), second, order(gift, '2026-09-01', 0, 500_000)])
      await analytics.receive(event);
    await Promise.all([received(whole, 2), received(part, 1), received(gift, 1)]);
    expect(await insight(gift)).toMatchObject({
      orders: 1,
      purchases: 0,
      recencyScore: 0,
      frequencyScore: 0,
      lifetimeValue: { amount: '0' },
      aliveProbability: null,
      purchaseProbability: null,
      marginRate: null,
    });
    await analytics.receive(back(first, '2026-10-05', 3_000_000));
    await analytics.receive(back(second, '2026-10-05', 1_000_000, '0.25'));
    await Promise.all([received(whole, 3), received(part, 2)]);
    expect(await insight(whole)).toMatchObject({
      orders: 2,
      purchases: 1,
      firstOrderOn: '2026-09-01',
      firstPurchaseOn: '2026-10-01',
      frequencyScore: 1,
    });
    expect(await insight(part)).toMatchObject({
      purchases: 1,
      firstPurchaseOn: '2026-09-01',
      revenue: { amount: '3000000' },
    });
    await analytics.receive(back(second, '2026-11-05', 3_000_000, '0.75'));
    await received(part, 3);
    expect(await insight(part)).toMatchObject({
      orders: 1,
      purchases: 0,
      lifetimeValue: { amount: '0' },
      ordersNextYear: null,
      recencyScore: 0,
    });
    // As it was known in October, three of four were kept.
    expect(await insight(part, '?asOf=2026-10-31')).toMatchObject({
      purchases: 1,
      revenue: { amount: '3000000' },
      asOf: '2026-10-31',
    });
  });

  it('a mail or a rating changes no value, work for the customer does', async () => {
    const [quiet, busy] = [newId(), newId()];
    const complaint = aCase(busy);
    for (const id of [quiet, busy])
      for (const day of ['2026-03-01', '2026-05-20']) await analytics.receive(order(id, day, 2_000_000));
    await analytics.receive(aMessage(busy, { cost: Money.of(700) }));
    await analytics.receive(build(CaseRated, { caseId: complaint.caseId, customerId: busy, rating: 5 }));
    await Promise.all([received(quiet, 2), received(busy, 4)]);
    const [value] = [await insight(quiet)];
    expect(figures(await insight(busy))).toEqual(figures(value));
    await analytics.receive(solution(complaint, { workedMinutes: 90, channel: 'call' }));
    await received(busy, 5);
    const served = await insight(busy);
    expect(Number(served.lifetimeValue.amount)).toBeLessThan(Number(value.lifetimeValue.amount));
    expect(Number(served.serveCostPerYear.amount)).toBeGreaterThan(Number(value.serveCostPerYear.amount));
  });

  it('tells as of a day what the facts up to it say: as of today what it tells anyway', async () => {
    const id = newId(),
      first = order(id, '2026-02-10', 5_000_000);
    for (const event of [
      first,
      order(id, '2026-02-10', 1_000_000),
      order(id, '2026-07-01', 9_000_000),
      aPayment(first, 5_000_000, { receivedOn: '2026-03-01' }),
      back(first, '2026-08-01', 5_000_000),
    ])
      await analytics.receive(event);
    await received(id, 5);
    const { asOf: today, becauseOf, ...now } = await insight(id);
    expect(await insight(id, `?asOf=${today}`)).toEqual({ ...now, asOf: today, becauseOf: null });
    expect(becauseOf).not.toBeNull();
    expect(await insight(id, '?asOf=2026-03-31')).toMatchObject({
      orders: 2,
      purchases: 1,
      revenue: { amount: '6000000' },
      paid: { amount: '5000000' },
      lastOrderOn: '2026-02-10',
      recencyScore: 4,
      asOf: '2026-03-31',
      years: [{ year: 2026, revenue: { amount: '6000000' } }],
    });
    expect(await insight(id, '?asOf=2026-01-31')).toMatchObject({
      orders: 0,
      revenue: { amount: '0' },
      rank: 'standard',
      lifetimeValue: { amount: '0' },
      years: [],
    });
    for (const query of ['asOf=2999-01-01', 'asOf=0202-02-02', 'asOf=2026-02-30', 'asOf=yesterday', 'on=2026-03-31'])
      expect((await administrator().get(`/v1/insights/${id}?${query}`)).status).toBe(400);
  });

  it('tells of an imported history as of today what it tells anyway: paid on its day, and paid back as far as it is said', async () => {
    const imported = { origin: 'import' } as const;
    const history = async (refunded?: Money): Promise<string> => {
      const sale = anOrder(newId(), 7_000_000, { orderedOn: '2026-01-15', ...imported });
      const returned = back(sale, '2026-02-01', 2_000_000, '0.25');
      await analytics.receive(sale);
      await analytics.receive(aPayment(sale, 7_000_000, { receivedOn: '2026-01-15', method: 'import', ...imported }));
      await analytics.receive(Object.assign(returned, imported, refunded && { refunded }));
      await received(sale.customerId, 2);
      return sale.customerId;
    };
    const [old, half] = [await history(), await history(Money.of(1_000_000))];
    expect([(await insight(old)).paid.amount, (await insight(half)).paid.amount]).toEqual(['5000000', '6000000']);
    const all = await analytics.sql<{ id: string }>(
      'select customer_id as id from insight where orders > 0 order by 1',
    );
    for (const each of [old, half, ...all.filter((_, n) => n % 20 === 0).map((row) => row.id)]) {
      const stored = await insight(each);
      const counted = await insight(each, `?asOf=${stored.asOf}`);
      expect({ ...counted, becauseOf: stored.becauseOf }).toEqual(stored);
    }
  });

  it('ranks customers as of a day, with what was known by then, and anew when more becomes known', async () => {
    const id = newId(),
      ranking = async (asOf: string) =>
        (await administrator().get(`/v1/rankings?asOf=${asOf}&sort=-revenue&limit=1&filter[rank]=diamond`)).body.data;
    await analytics.receive(order(id, '2026-06-01', 900_000_000));
    await analytics.receive(aPayment({ orderId: newId(), customerId: id }, 900_000_000, { receivedOn: '2026-06-20' }));
    await received(id, 2);
    expect(await ranking('2026-06-30')).toMatchObject([
      {
        customerId: id,
        orders: 1,
        revenue: { amount: '900000000' },
        lastOrderOn: '2026-06-01',
        lifetimeValue: (await insight(id, '?asOf=2026-06-30')).lifetimeValue,
      },
    ]);
    expect(await ranking('2026-06-10')).toEqual([]);
    await analytics.receive(order(id, '2026-06-02', 1_000_000));
    await received(id, 3);
    expect(await ranking('2026-06-30')).toMatchObject([{ orders: 2, revenue: { amount: '901000000' } }]);
    for (const asOf of ['2999-01-01', '0202-02-02', '2026-02-30', 'x', ''])
      expect((await administrator().get(`/v1/rankings?asOf=${asOf}`)).status).toBe(400);
    expect(
      (await analytics.as({ roles: ['branch-manager'], branchId: newId() }).get('/v1/rankings?asOf=2026-06-30')).body
        .data,
    ).toEqual([]);
  });

  it('fits a model as of a day, which insights as of that day use and those of today do not', async () => {
    expect((await administrator().post('/v1/models', { asOf: '2999-01-01' })).status).toBe(400);
    const before = (await model('current')).version;
    const { result } = await fitted({ asOf: '2026-09-30' });
    expect(result).toMatchObject({ inUse: false, modelVersion: before + 1, calculated: 0 });
    expect(await model(result.modelVersion)).toMatchObject({ asOf: '2026-09-30', inUse: false, basis: 'fitted' });
    expect((await model('current')).version).toBe(before);
    const [row] = await analytics.sql<{ id: string }>('select customer_id as id from insight where orders = 4 limit 1');
    expect([
      (await insight(row!.id, '?asOf=2026-09-30')).modelVersion,
      (await insight(row!.id, '?asOf=2026-09-29')).modelVersion,
      (await insight(row!.id)).modelVersion,
    ]).toEqual([result.modelVersion, 1, before]);
  });

  it("a sale of a day that cannot be meant moves nobody's age", async () => {
    const id = newId();
    for (const day of ['0202-02-02', '2026-10-01', '2126-10-01']) await analytics.receive(order(id, day, 1_000_000));
    await received(id, 3);
    expect(await insight(id)).toMatchObject({
      orders: 3,
      purchases: 1,
      firstPurchaseOn: '2026-10-01',
      lastPurchaseOn: '2026-10-01',
      recencyScore: 4,
      aliveProbability: 1,
    });
  });

  const dayBegins = () => analytics.sql(`update schedule set next_run_at = now() where name = 'calendar'`);
  /** How the days ended that were begun, oldest first, once there are so many. */
  const begunDays = (count: number) =>
    eventually(
      async () => {
        const jobs = await analytics.sql(`select state, result from job where kind = 'new-day' order by created_at`);
        expect(jobs.map(({ state }) => state)).toEqual(Array(count).fill('succeeded'));
        return jobs;
      },
      { timeoutMs: 30_000 },
    );

  it('begins a day for everybody: the model anew if anything was bought, and who has moved is told', async () => {
    const [id, same] = [newId(), newId()];
    const [{ day: today }] = await analytics.sql('select day::text from calendar');
    await analytics.sql(`update calendar set day = '2026-08-02'`);
    for (const customerId of [id, same]) await analytics.receive(order(customerId, '2026-08-01', 1_000_000));
    const ofCustomer = (day: string) => (state: CustomerInsightState) => state.customerId === id && state.asOf === day;
    const before = await analytics.published(CustomerInsightState, ofCustomer('2026-08-02'));
    expect(before).toMatchObject({ recencyScore: 5 });
    await analytics.sql(`update calendar set day = $1::date - 1 where $1::date > '2026-08-02'`, [today]);
    await analytics.receive(order(same, '2026-11-20', 1_000_000));
    await received(same, 2);
    await dayBegins();
    const told = await analytics.published(CustomerInsightState, ofCustomer(today), { timeoutMs: 30_000 });
    expect(told).toMatchObject({ recencyScore: 3, version: 2 });
    await begunDays(1);
    expect(
      await analytics.sql('select 1 from insight where last_fact_at is not null and as_of <> $1', [today]),
    ).toEqual([]);
    const ofAnotherModel = await analytics.sql(
      'select 1 from insight where orders > 0 and model_version <> (select version from lifetime_model where as_of = $1 order by version desc limit 1)',
      [today],
    );
    expect(ofAnotherModel).toEqual([]);

    // Nothing was bought since: the same day begun again fits nothing, calculates nothing else and tells nobody.
    const { version } = await insight(same);
    await analytics.sql(`update calendar set day = $1::date - 1`, [today]);
    await dayBegins();
    const [, second] = await begunDays(2);
    expect(second.result).toEqual({ customers: expect.any(Number), told: 0 });
    expect(await insight(same)).toMatchObject({ version });
  });

  const policy = async (): Promise<{ rank: string; minimumValue: number }[]> =>
    (await administrator().get('/v1/rank-policy')).body.steps;

  it('a new policy of ranks ranks customers anew, and publishes only those that moved', async () => {
    const steps = (await policy()).map((step) => ({ ...step, minimumValue: step.minimumValue / 10 }));
    const answer = await administrator().put('/v1/rank-policy', { steps });
    expect(answer.status).toBe(202);
    expect(await administrator().jobResult(answer.headers.get('location')!)).toMatchObject({ state: 'succeeded' });
    expect(await analytics.published(CustomerRanked, (ranked) => ranked.rank === 'silver')).toBeDefined();
    expect(
      await analytics.sql(
        `select 1 from insight i where orders > 0 and rank <> (select rank from rank_policy p where p.minimum_value <= least(i.revenue, i.paid) order by position desc limit 1)`,
      ),
    ).toEqual([]);
  });

  it.each([
    ['falls', (steps: { minimumValue: number }[]) => [...steps].reverse()],
    [
      'begins above 0',
      (steps: { minimumValue: number }[]) => steps.map((step) => ({ ...step, minimumValue: step.minimumValue + 1 })),
    ],
  ])('refuses a policy that %s', async (_, change) => {
    const answer = await administrator().put('/v1/rank-policy', { steps: change(await policy()) });
    expect(answer).toMatchObject({ status: 422, body: { code: 'rank_policy_not_rising' } });
  });
});
