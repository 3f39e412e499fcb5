import {
  build,
  CaseOpened,
  CaseSolved,
  CaseState,
  CustomerInsightState,
  CustomerState,
  GoodsReturned,
  MessageSent,
  Money,
  OrderConfirmed,
  OrderLine,
  PaymentReceived,
} from '@quen/events';
import { newId } from '@quen/messaging';
import { eventually, startService, type TestService } from '@quen/testing';

const branchId = newId();

function line(amount: number): OrderLine {
  return build(OrderLine, {
    line: 1,
    productId: newId(),
    productCode: 'RO-10',
    quantity: '1',
    amount: Money.of(amount),
    cost: Money.of(amount / 2),
  });
}

function order(customerId: string, amount: number): OrderConfirmed {
  return build(OrderConfirmed, {
    orderId: newId(),
    orderCode: 'DH-1',
    customerId,
    orderedOn: '2026-11-01',
    lines: [line(amount)],
    total: Money.of(amount),
    branchId,
    origin: 'entry',
  });
}

function customer(customerId: string, version: number): CustomerState {
  return build(CustomerState, {
    customerId,
    version,
    code: `KH-${version}`,
    kind: 'person',
    category: 'consumer',
    lifecycle: 'prospect',
    displayName: `Khách ${version}`,
    phones: [],
    emails: [],
    source: 'manual',
    language: 'vi',
    branchId,
    consents: [],
    registeredAt: '2026-01-01T00:00:00.000Z',
  });
}

/** What happened to one customer, on six topics and all their partitions. */
function history(customerId: string, n: number): object[] {
  const first = order(customerId, 1_000_000 * (1 + n));
  const caseId = newId();
  return [
    customer(customerId, 1),
    first,
    order(customerId, 3_000_000),
    build(PaymentReceived, {
      orderId: first.orderId,
      paymentId: newId(),
      customerId,
      amount: first.total,
      receivedOn: '2026-11-05',
      method: 'cash',
    }),
    build(GoodsReturned, {
      orderId: first.orderId,
      returnId: newId(),
      customerId,
      returnedOn: '2026-11-06',
      lines: [line(500_000)],
      credited: Money.of(500_000),
      origin: 'entry',
    }),
    build(MessageSent, {
      messageId: newId(),
      campaignId: newId(),
      customerId,
      channel: 'email',
      cost: Money.of(700 + n),
    }),
    build(CaseOpened, {
      caseId,
      code: 'CS-1',
      customerId,
      kind: 'complaint',
      severity: 'high',
      channel: 'call',
      category: 'leak',
      branchId,
    }),
    build(CaseSolved, {
      caseId,
      customerId,
      kind: 'complaint',
      severity: 'high',
      workingMinutes: n,
      workedMinutes: n,
      channel: 'call',
    }),
    ...[1, 2].map((version) =>
      build(CaseState, {
        caseId,
        version,
        code: 'CS-1',
        customerId,
        kind: version === 1 ? 'question' : 'complaint',
        severity: 'high',
        category: 'leak',
        status: n % 2 ? 'open' : 'solved',
        branchId,
        openedAt: '2026-11-01T00:00:00.000Z',
      }),
    ),
    customer(customerId, 2),
  ];
}

describe('the store, made anew from its topics', () => {
  let analytics: TestService;
  const customers = Array.from({ length: 40 }, newId);
  const director = () => analytics.as({ roles: ['director'] });
  beforeAll(async () => {
    analytics = await startService('analytics');
    await Promise.all(
      customers.map(async (id, n) => {
        for (const event of history(id, n)) await analytics.receive(event);
      }),
    );
    const [twice, id] = [order(customers[0]!, 4_000_000), newId()];
    for (let time = 0; time < 2; time += 1)
      await analytics.receive(twice, { id, version: 1, occurredAt: new Date('2026-11-02T00:00:00Z') });
    await analytics.receive(order(customers[1]!, 9_000_000), { occurredAt: new Date('2026-06-01T00:00:00Z') });
    await analytics.receiveErased(CustomerState, customers[2]!, { version: 9 });
    await eventually(
      async () => expect(await analytics.sql('select count(*)::int as n from sales_fact')).toEqual([{ n: 122 }]),
      { timeoutMs: 20_000 },
    );
    await eventually(async () =>
      expect(await analytics.sql(`select 1 from insight where display_name = 'Khách 2'`)).toHaveLength(39),
    );
  });
  afterAll(() => analytics.stop());

  /** Runs a rebuild while the live store serves and goes on consuming; nothing that it is asked may fail. */
  async function rebuild(body: object) {
    const administrator = analytics.as({ roles: ['administrator'] });
    const started = await administrator.post('/v1/bus/rebuilds', body);
    expect(started).toMatchObject({ status: 202, body: { kind: 'rebuild' } });
    expect(await administrator.post('/v1/bus/rebuilds', body)).toMatchObject({
      status: 409,
      body: { code: 'rebuild_running' },
    });
    const answers = new Set<number>();
    const job = await eventually(
      async () => {
        await analytics.receive(order(customers[answers.size % 40]!, 2_000_000));
        answers.add((await director().get(`/v1/insights/${customers[5]}`)).status);
        const { body: now } = await administrator.get(started.headers.get('location')!);
        expect(['succeeded', 'failed']).toContain(now.state);
        return now;
      },
      { timeoutMs: 90_000, everyMs: 50 },
    );
    expect([...answers]).toEqual([200]);
    expect([job.state, job.problem]).toEqual(['succeeded', undefined]);
    return job.result;
  }

  it('names exactly what was damaged, repairs and publishes it, and is equal row for row, while the live one serves and consumes', async () => {
    const [changed, lost] = [customers[7]!, customers[8]!];
    await analytics.sql(`update insight set revenue = revenue + 1, rank = 'diamond' where customer_id = $1`, [changed]);
    const [fact] = await analytics.sql<{ event_id: string }>(
      `delete from payment_fact where customer_id = $1 returning event_id`,
      [changed],
    );
    await analytics.sql('delete from insight where customer_id = $1', [lost]);
    await analytics.sql(`insert into insight (customer_id, version, orders) values ($1, 4, 9)`, [branchId]);
    const report = await rebuild({ take: true, reason: 'a drill' });
    const found = Object.fromEntries(
      report.tables.map(({ table, differences }: { table: string; differences: object }) => [table, differences]),
    );
    expect(found.insight).toHaveLength(3);
    expect(found).toMatchObject({
      sales_fact: [],
      market_fact: [],
      service_fact: [],
      support_case: [],
      erased: [],
      branch: [],
      payment_fact: [{ key: { event_id: fact!.event_id }, kind: 'missing' }],
      insight: expect.arrayContaining([
        { key: { customer_id: changed }, kind: 'different', columns: expect.arrayContaining(['revenue', 'rank']) },
        { key: { customer_id: lost }, kind: 'missing' },
        { key: { customer_id: branchId }, kind: 'surplus' },
      ]),
    });
    expect(report).toMatchObject({
      equal: false,
      taken: {
        equal: true,
        corrected: [
          { table: 'payment_fact', added: 1 },
          { table: 'insight', changed: 1, added: 1, removed: 1 },
        ],
      },
    });
    expect(report.reading).toEqual(
      expect.arrayContaining([{ consumer: 'crm.analytics.customer-names', unread: 0, held: [] }]),
    );
    expect(report.tables[0].live.rows).toBeGreaterThan(122);
    expect(
      await analytics.sql(`select 1 from pg_class where relnamespace = 'analytics_rebuild'::regnamespace`),
    ).toEqual([]);
    expect((await director().get(`/v1/insights/${lost}`)).status).toBe(200);
    await analytics.published(CustomerInsightState, (state) => state.customerId === lost && state.version > 1e12);
    const states = (await analytics.bus.published(CustomerInsightState)).filter(
      ({ data }) => data?.customerId === changed,
    );
    expect(states.at(-1)!.data).toMatchObject({
      version: Math.max(...states.map(({ data }) => data.version)),
      revenue: {
        amount: (
          await analytics.sql<{ revenue: string }>('select revenue::text from insight where customer_id = $1', [
            changed,
          ])
        )[0]!.revenue,
      },
    });
    await analytics.record(CustomerInsightState, ({ key, data }) => key === branchId && (data as unknown) === null);
    // Every partition touches the same customers.
    expect(
      await analytics.sql('select deadlocks::int from pg_stat_database where datname = current_database()'),
    ).toEqual([{ deadlocks: 0 }]);
  });

  it('refuses consumers that it does not have, and who may not', async () => {
    expect(
      await analytics
        .as({ roles: ['administrator'] })
        .post('/v1/bus/rebuilds', { consumers: ['crm.analytics.nothing'] }),
    ).toMatchObject({ status: 404, body: { code: 'unknown_consumer' } });
    expect((await director().post('/v1/bus/rebuilds', {})).status).toBe(403);
  });
});
