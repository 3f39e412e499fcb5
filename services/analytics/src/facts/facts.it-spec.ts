import { build, CaseState, CustomerInsightState, CustomerRanked, Money, OrderConfirmed } from '@quen/events';
import { newId } from '@quen/messaging';
import {
  aCase,
  aCustomer,
  aMessage,
  anOrder,
  aPayment,
  aReturn,
  eventually,
  opening,
  solution,
  startService,
  type TestService,
  type With,
} from '@quen/testing';

const branchId = newId(),
  otherBranch = newId();
const order = (customerId: string, amount: number, orderedOn: string, origin: 'entry' | 'import' = 'entry') =>
  anOrder(customerId, amount, { orderedOn, origin, branchId });
const complaint = (customerId: string, caseId: string, version: number, fields: With<CaseState> = {}) =>
  aCase(customerId, { caseId, version, status: 'new', branchId, ...fields });

describe('insights from facts', () => {
  let analytics: TestService;
  beforeAll(async () => {
    analytics = await startService('analytics');
  });
  afterAll(() => analytics.stop());

  const insight = (customerId: string) => analytics.as({ roles: ['director'] }).get(`/v1/insights/${customerId}`);
  /** Waits until the insight of a customer shows this. */
  const shows = (customerId: string, figures: object) =>
    eventually(async () => expect((await insight(customerId)).body).toMatchObject(figures));

  it('ranks a customer anew at each transaction, and takes a return back', async () => {
    const id = newId();
    await analytics.receive(aCustomer({ customerId: id, displayName: 'Đỗ Thị Ánh', branchId }));
    const first = order(id, 4_000_000, '2026-10-01');
    await analytics.receive(first);
    await analytics.published(
      CustomerInsightState,
      (state) => state.customerId === id && state.rank === 'standard' && state.revenue.amount === '4000000',
    );
    const second = order(id, 60_000_000, '2026-11-01');
    await analytics.receive(second);
    await shows(id, { orders: 2, rank: 'standard' });
    await analytics.receive(aPayment(second, 60_000_000));
    expect(await analytics.published(CustomerRanked, (ranked) => ranked.customerId === id)).toMatchObject({
      rank: 'gold',
      previousRank: 'standard',
    });
    await analytics.receive(aReturn(first, 4_000_000));
    await analytics.receive(aPayment(first, 500_000));
    await analytics.receive(aMessage(id, { cost: Money.of(1000) }));
    const opened = complaint(id, newId(), 1);
    await analytics.receive(opening(opened));
    await analytics.receive(opened);
    await shows(id, {
      displayName: 'Đỗ Thị Ánh',
      rank: 'gold',
      orders: 2,
      revenue: { amount: '60000000' },
      costOfGoods: { amount: '36000000' },
      serveCost: { amount: '16000' },
      profit: { amount: '23984000' },
      paid: { amount: '60500000' },
      openComplaints: 1,
      firstOrderOn: '2026-10-01',
      lastOrderOn: '2026-11-01',
    });
    await analytics.receive(solution(opened, { workingMinutes: 1530, workedMinutes: 30, channel: 'call' }));
    await analytics.receive(complaint(id, opened.caseId, 2, { status: 'solved' }));
    await shows(id, { openComplaints: 0, serveCost: { amount: '61000' } });
    const { body } = await insight(id);
    expect(Number(body.lifetimeValue.amount)).toBeGreaterThan(0);
    expect(body.reasons.map((reason: { code: string }) => reason.code)).toEqual(
      expect.arrayContaining(['rank', 'recency', 'lifetime_value']),
    );
    expect(await analytics.sql(`select distinct branch_id from sales_fact where customer_id = $1`, [id])).toEqual([
      { branch_id: branchId },
    ]);
    const years = body.years.reduce((sum: number, year: { profit: Money }) => sum + Number(year.profit.amount), 0);
    expect(years).toBe(Number(body.profit.amount));
    const { body: page } = await analytics.as({ roles: ['director'] }).get(`/v1/insights/${id}/transactions`);
    expect(page.data.map((each: { kind: string; profit: Money }) => [each.kind, each.profit.amount])).toEqual([
      ['return', '-1600000'],
      ['sale', '24000000'],
      ['sale', '1600000'],
    ]);
  });

  it('counts open complaints from the cases as they are, whatever they were before and however often and in which order they are told', async () => {
    const id = newId(),
      [one, other] = [newId(), newId()];
    const open = (n: number) =>
      analytics.published(CustomerInsightState, (state) => state.customerId === id && state.openComplaints === n);
    const now = (n: number) =>
      eventually(async () => expect((await insight(id)).body).toMatchObject({ openComplaints: n }));
    await analytics.receive(complaint(id, one, 1, { kind: 'question' }));
    await analytics.receive(complaint(id, one, 2));
    await eventually(async () =>
      expect(await analytics.sql('select open_complaints as n from insight where customer_id = $1', [id])).toEqual([
        { n: 1 },
      ]),
    );
    await analytics.receive(opening(complaint(id, one, 1, { kind: 'question' })));
    await open(1);
    await now(1);
    await analytics.receive(solution(complaint(id, one, 2), { workingMinutes: 1 }));
    await analytics.receive(complaint(id, one, 3, { status: 'solved' }));
    await open(0);
    await now(0);
    await analytics.receive(complaint(id, other, 2));
    await now(1);
    await analytics.receive(complaint(id, other, 1, { kind: 'question' }));
    await analytics.receive(complaint(id, one, 4, { status: 'open' }));
    await now(2);
    await analytics.receive(complaint(id, other, 3, { kind: 'request' }));
    await now(1);
    await analytics.receiveErased(CaseState, one, { version: 5 });
    await now(0);
  });

  it('calculates with what another transaction changed after it had read the customer', async () => {
    const id = newId(),
      first = order(id, 1_000_000, '2026-10-01');
    await analytics.receive(first);
    await shows(id, { orders: 1, rank: 'standard', frequencyScore: 1 });
    const other = analytics.sql(`do $$ begin
      insert into purchase_day (customer_id, day, revenue, quantity) select '${id}', '2026-10-01'::date + n, 7000000, 1 from generate_series(1, 9) n;
      update insight set orders = orders + 9, revenue = revenue + 70000000, paid = paid + 69500000, version = version + 1 where customer_id = '${id}';
      perform pg_advisory_xact_lock(1);
      for tries in 1..400 loop
        if exists (select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid) then return; end if;
        perform pg_sleep(0.05);
      end loop;
      raise exception 'nobody waits for the customer';
    end $$`);
    await eventually(async () =>
      expect(
        await analytics.sql(
          `select from pg_locks join pg_database d on d.oid = database where locktype = 'advisory' and objid = 1 and granted and datname = current_database()`,
        ),
      ).toHaveLength(1),
    );
    await analytics.receive(aPayment(first, 500_000));
    await other;
    expect(await analytics.published(CustomerRanked, (ranked) => ranked.customerId === id)).toMatchObject({
      rank: 'gold',
      previousRank: 'standard',
    });
    await shows(id, { orders: 10, rank: 'gold', frequencyScore: 4, paid: { amount: '70000000' }, version: 3 });
    expect(
      await analytics.published(CustomerInsightState, (state) => state.customerId === id && state.version === 3),
    ).toMatchObject({ rank: 'gold', orders: 10, frequencyScore: 4 });
  });

  it('an event that comes twice counts once', async () => {
    const id = newId(),
      event = order(id, 1_000_000, '2026-11-01'),
      eventId = newId();
    await analytics.receive(event, { id: eventId });
    await analytics.receive(event, { id: eventId });
    await analytics.receive(order(id, 2_000_000, '2026-11-02'));
    await shows(id, { orders: 2, revenue: { amount: '3000000' } });
  });

  it('an imported order counts as paid', async () => {
    const id = newId();
    await analytics.receive(order(id, 7_000_000, '2025-01-15', 'import'));
    await shows(id, { paid: { amount: '7000000' }, rank: 'bronze', recencyScore: 1 });
  });

  it("keeps an imported order's cash without counting it twice, and whose sale came back", async () => {
    const id = newId(),
      seller = newId(),
      old = order(id, 7_000_000, '2025-01-15', 'import');
    const sale = { branchId, ownerId: seller, orderOrigin: 'import', origin: 'import' } as const;
    await analytics.receive(old);
    await analytics.receive(aPayment(old, 7_000_000, { ...sale, receivedOn: '2025-01-15', method: 'import' }));
    await analytics.receive(
      aReturn(old, 2_000_000, { ...sale, returnedOn: '2025-02-01', refunded: Money.of(2_000_000) }),
    );
    await shows(id, { paid: { amount: '5000000' }, revenue: { amount: '5000000' } });
    expect(
      await analytics.sql(
        'select amount::int, received_on::text as on, branch_id, owner_id, origin from payment_fact where customer_id = $1 order by received_on',
        [id],
      ),
    ).toEqual([
      { amount: 7_000_000, on: '2025-01-15', branch_id: branchId, owner_id: seller, origin: 'import' },
      { amount: -2_000_000, on: '2025-02-01', branch_id: branchId, owner_id: seller, origin: 'import' },
    ]);
    expect(
      await analytics.sql(`select branch_id, owner_id from sales_fact where customer_id = $1 and kind = 'return'`, [
        id,
      ]),
    ).toEqual([{ branch_id: branchId, owner_id: seller }]);
    const mixed = order(newId(), 3_000_000, '2026-11-01');
    await analytics.receive(mixed);
    await analytics.receive(
      aReturn(mixed, 1_000_000, { returnedOn: '2026-11-02', refunded: Money.of(0), origin: 'import' }),
    );
    await shows(mixed.customerId, { revenue: { amount: '2000000' }, paid: { amount: '0' } });
  });

  it('an amount in a currency without a rate is parked and stops nobody else', async () => {
    const id = newId(),
      foreign = order(id, 100, '2026-11-01');
    foreign.lines[0]!.amount = Money.of('99.50', 'USD');
    await analytics.receive(foreign);
    const other = newId();
    await analytics.receive(order(other, 5_000, '2026-11-01'));
    await eventually(async () => expect((await insight(other)).status).toBe(200));
    await eventually(async () =>
      expect(await analytics.sql(`select error_class, error from inbox_parked`)).toEqual([
        expect.objectContaining({ error: expect.stringContaining('USD') as string }),
      ]),
    );
    expect((await insight(id)).status).toBe(404);
  });

  it('sums equal a recount in SQL', async () => {
    const ids = Array.from({ length: 20 }, newId);
    for (let n = 0; n < 200; n++)
      await analytics.receive(order(ids[n % 20]!, 100_000 * ((n % 7) + 1), `2026-0${1 + (n % 9)}-1${n % 9}`));
    await eventually(async () =>
      expect(
        await analytics.sql('select count(distinct event_id)::int as n from sales_fact where customer_id = any($1)', [
          ids,
        ]),
      ).toEqual([{ n: 200 }]),
    );
    const differing = await analytics.sql(
      `
      select i.customer_id from insight i join (select customer_id, count(*) as n, sum(revenue) as revenue, sum(cost) as cost, min(occurred_on) as first, max(occurred_on) as last
        from sales_fact where customer_id = any($1) group by 1) f using (customer_id)
       where (i.orders, i.revenue, i.cost, i.first_order_on, i.last_order_on, i.version) is distinct from (f.n, f.revenue, f.cost, f.first, f.last, f.n)`,
      [ids],
    );
    expect(differing).toEqual([]);
  });

  describe('lists and access', () => {
    it('sorts by value and pages without gaps', async () => {
      const director = analytics.as({ roles: ['director'] });
      const all = (await director.get('/v1/rankings?limit=200&sort=-revenue')).body.data.map(
        (row: { customerId: string }) => row.customerId,
      );
      const paged: string[] = [];
      for (let cursor = ''; ;) {
        const { body } = await director.get(`/v1/rankings?limit=7&sort=-revenue${cursor && `&cursor=${cursor}`}`);
        paged.push(...body.data.map((row: { customerId: string }) => row.customerId));
        if (!body.hasMore) break;
        cursor = body.nextCursor;
      }
      expect(paged).toEqual(all);
      expect(new Set(all).size).toBe(all.length);
    });

    it('shows another branch nothing', async () => {
      const id = newId();
      await analytics.receive(aCustomer({ customerId: id, displayName: 'Nguyễn Văn Bê', branchId: otherBranch }));
      await analytics.receive(order(id, 1_000_000, '2026-11-01'));
      await shows(id, { revenue: { amount: '1000000' } });
      const stranger = analytics.as({ roles: ['branch-manager'], branchId });
      expect((await stranger.get(`/v1/insights/${id}`)).status).toBe(404);
      expect((await stranger.get(`/v1/insights/${id}/transactions`)).status).toBe(404);
      // The customer is of this branch, the sale of another one.
      const manager = analytics.as({ roles: ['branch-manager'], branchId: otherBranch });
      expect([
        (await manager.get(`/v1/insights/${id}`)).body.revenue.amount,
        (await manager.get(`/v1/insights/${id}/transactions`)).body.data,
      ]).toEqual(['1000000', []]);
    });

    it('shows whoever may read a customer its insight, and of its transactions those of the orders that he may read', async () => {
      const id = newId(),
        own = newId();
      await analytics.receive(aCustomer({ customerId: id, displayName: 'Nguyễn Thị Xê', branchId: otherBranch }));
      const [first, second] = [order(id, 1_000_000, '2026-11-01'), order(id, 2_000_000, '2026-11-02')];
      await analytics.receive(build(OrderConfirmed, { ...first, branchId: otherBranch, ownerId: own }));
      await analytics.receive(build(OrderConfirmed, { ...second, branchId: otherBranch, ownerId: newId() }));
      await analytics.receive(aReturn(first, 500_000));
      await shows(id, { orders: 2, revenue: { amount: '2500000' } });
      const seen = async (role: string, of: string, subject = newId()): Promise<[number, boolean, number]> => {
        const client = analytics.as({ roles: [role], branchId: of, subject });
        const ranked = (await client.get('/v1/rankings?limit=200')).body.data.some(
          (row: { customerId: string }) => row.customerId === id,
        );
        const transactions = await client.get(`/v1/insights/${id}/transactions`);
        return [
          (await client.get(`/v1/insights/${id}`)).status,
          ranked,
          transactions.status === 200 ? transactions.body.data.length : transactions.status,
        ];
      };
      expect(
        await Promise.all(
          ['branch-manager', 'agent', 'accountant', 'marketer', 'seller', 'data-reader'].map((role) =>
            seen(role, otherBranch),
          ),
        ),
      ).toEqual([
        [200, true, 3],
        [200, true, 3],
        [200, true, 3],
        [200, true, 403],
        [200, true, 0],
        [200, true, 3],
      ]);
      expect(await seen('seller', otherBranch, own)).toEqual([200, true, 2]);
      expect(
        await Promise.all(
          ['branch-manager', 'agent', 'accountant', 'marketer', 'seller', 'data-reader'].map((role) =>
            seen(role, branchId),
          ),
        ),
      ).toEqual([
        [404, false, 404],
        [200, true, 0],
        [404, false, 404],
        [404, false, 403],
        [404, false, 404],
        [200, true, 3],
      ]);
    });

    it.each([
      ['an unknown filter', '/v1/rankings?filter[secret]=1', 400],
      ['a malformed id', '/v1/insights/7', 400],
      ['an unknown customer', `/v1/insights/${newId()}`, 404],
    ])('answers %s with a problem', async (_, path, status) => {
      const answer = await analytics.as({ roles: ['director'] }).get(path);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });

    it('is kept by the database, too, for every table that tells of customers', async () => {
      expect(
        await analytics.sql(`
        select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'analytics'::regnamespace and c.relkind = 'r' and a.attname in ('branch_id', 'owner_id', 'customer_id') and not (c.relrowsecurity and c.relforcerowsecurity)`),
      ).toEqual([]);
    });

    it('asks for a token and a permission', async () => {
      expect((await analytics.anonymous.get('/v1/rankings')).status).toBe(401);
      expect((await analytics.as({ roles: ['customer'] }).get('/v1/rankings')).status).toBe(403);
    });
  });

  it('publishes every insight again as it was', async () => {
    const again = await analytics.republished(CustomerInsightState);
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });
});
