import { CustomerState, SegmentMembershipState } from '@quen/events';
import { anInsight, eventually } from '@quen/testing';
import { Marketing } from '../../marketing.it-support.js';

const rule = (...rules: object[]) => ({ combinator: 'and', rules });
const gold = rule(
  { field: 'rank', operator: 'in', value: ['gold', 'diamond'] },
  { field: 'province', operator: '=', value: 'Hà Nội' },
);

describe('segments', () => {
  let marketing: Marketing;

  beforeAll(async () => {
    marketing = await Marketing.start();
  });
  afterAll(() => marketing?.stop());

  const membersOf = async (id: string): Promise<string[]> =>
    (await marketing.director.get(`/v1/segments/${id}/members?limit=200`)).body.data.map(
      (member: { id: string }) => member.id,
    );
  const create = async (body: object) => {
    const created = await marketing.director.post('/v1/segments', { name: 'Khách vàng', kind: 'rules', ...body });
    expect(created.status).toBe(201);
    return created.body as { id: string; version: number; size: number };
  };

  it('is filled when it is created, and follows insight and record event by event, with history and the event that was the cause', async () => {
    const [an, binh] = [marketing.customer(), marketing.customer()];
    await marketing.know(an, binh);
    await marketing.service.receive(anInsight(an.customerId, { rank: 'gold' }));
    await eventually(async () =>
      expect(
        await marketing.service.sql('select 1 from customer where rank is not null and id = $1', [an.customerId]),
      ).toHaveLength(1),
    );
    const segment = await create({ rule: gold });
    expect(segment.size).toBe(1);
    expect(await membersOf(segment.id)).toEqual([an.customerId]);

    const cause = crypto.randomUUID();
    await marketing.service.receive(anInsight(binh.customerId, { rank: 'diamond' }), { id: cause });
    const joined = await marketing.service.published(
      SegmentMembershipState,
      (state) => state.segmentId === segment.id && state.customerId === binh.customerId,
    );
    expect(joined).toMatchObject({ membershipId: `${segment.id}.${binh.customerId}`, member: true, version: 1 });
    await marketing.service.receive(
      Object.assign(marketing.customer(), binh, { version: 2, address: { text: 'Hải Châu', province: 'Đà Nẵng' } }),
    );
    await marketing.service.published(
      SegmentMembershipState,
      (state) =>
        state.segmentId === segment.id && state.customerId === binh.customerId && !state.member && state.version === 2,
    );
    expect(await membersOf(segment.id)).toEqual([an.customerId]);
    const { body: history } = await marketing.director.get(
      `/v1/segments/${segment.id}/members/${binh.customerId}/history`,
    );
    expect(history).toMatchObject([{ member: false }, { member: true, becauseOf: cause }]);
    expect(
      await marketing.service.sql(
        'select customer_id from segment_membership_change where segment_id = $1 and customer_id = $2',
        [segment.id, an.customerId],
      ),
    ).toHaveLength(1);
  });

  it('counts days where the firm is: who registered in its first hours did so on that day', async () => {
    const [first, last] = [
      marketing.customer({ registeredAt: '2026-01-31T17:00:00.000Z' }),
      marketing.customer({ registeredAt: '2026-01-31T16:59:59.000Z' }),
    ];
    await marketing.know(first, last);
    const segment = await create({ rule: rule({ field: 'registeredOn', operator: '=', value: '2026-02-01' }) });
    expect(await membersOf(segment.id)).toEqual([first.customerId]);
  });

  it('looks for a hundred words in a big firm within seconds, upkeep included', async () => {
    await marketing.service.sql(
      `insert into customer (id, version, code, display_name, branch_id)
      select gen_random_uuid(), 1, 'BIG' || n, 'Công ty Trách nhiệm Nguyễn Thị Thu Hương ' || n, $1 from generate_series(1, 20000) n`,
      [marketing.hanoi],
    );
    const words = {
      combinator: 'or',
      rules: Array.from({ length: 100 }, (_, n) => ({
        field: 'displayName',
        operator: 'contains',
        value: `hương ${n}7`,
      })),
    };
    const began = performance.now();
    expect(await marketing.director.post('/v1/segments/preview', { rule: words })).toMatchObject({
      status: 200,
      body: { size: expect.any(Number) },
    });
    expect(performance.now() - began).toBeLessThan(3_000);
    await marketing.service.sql("delete from customer where code like 'BIG%'");
  });

  it('has everybody once, when customers and segments come at the same time', async () => {
    const customers = Array.from({ length: 60 }, () => marketing.customer({ industry: 'Lưu trú' }));
    const [first, ...more] = await Promise.all([
      ...Array.from({ length: 4 }, () =>
        create({ rule: rule({ field: 'industry', operator: '=', value: 'Lưu trú' }) }),
      ),
      ...customers.map((customer) => marketing.service.receive(customer).then(() => ({ id: '', size: 0 }))),
    ]);
    await marketing.replicated(customers);
    const expected = customers.map((customer) => customer.customerId).sort();
    for (const segment of [first, ...more].filter((each) => each?.id))
      expect((await membersOf(segment!.id)).sort()).toEqual(expected);
  });

  it('never lets an older state overwrite a newer one, nor a redelivered one change anything', async () => {
    const customer = marketing.customer({ version: 5, industry: 'Dệt may' });
    await marketing.know(customer);
    const segment = await create({ rule: rule({ field: 'industry', operator: '=', value: 'Dệt may' }) });
    const later = marketing.customer();
    await marketing.service.receive(
      Object.assign(marketing.customer(), customer, { version: 4, industry: 'Xây dựng' }),
    );
    await marketing.service.receive(customer);
    await marketing.know(later);
    await eventually(async () =>
      expect(
        await marketing.service.sql('select industry, version::int from customer where id = $1', [customer.customerId]),
      ).toEqual([{ industry: 'Dệt may', version: 5 }]),
    );
    expect(await membersOf(segment.id)).toEqual([customer.customerId]);
    expect(
      await marketing.service.sql('select 1 from segment_membership_change where segment_id = $1', [segment.id]),
    ).toHaveLength(1);
  });

  it('loses who is erased, from rules and lists alike, and keeps nothing of them', async () => {
    const customer = marketing.customer({ industry: 'Thủy sản' });
    await marketing.know(customer);
    const byRule = await create({ rule: rule({ field: 'industry', operator: '=', value: 'Thủy sản' }) });
    const byList = await create({ kind: 'static' });
    expect(
      (
        await marketing.director.post(`/v1/segments/${byList.id}/members`, {
          add: [customer.customerId, crypto.randomUUID()],
        })
      ).body,
    ).toEqual({ added: 1, removed: 0 });
    await marketing.service.receiveErased(CustomerState, customer.customerId, { version: 9 });
    await eventually(async () => {
      expect(await membersOf(byRule.id)).toEqual([]);
      expect(await membersOf(byList.id)).toEqual([]);
    });
    expect(await marketing.service.sql('select 1 from customer where id = $1', [customer.customerId])).toEqual([]);
    const history = `/v1/segments/${byRule.id}/members/${customer.customerId}/history`;
    expect((await marketing.director.get(history)).body).toMatchObject([{ member: false }, { member: true }]);
  });

  it('follows customers whom a rebuild corrects, and tells nothing else again', async () => {
    const { service } = marketing;
    const [lost, kept] = [1, 2].map(() => marketing.customer({ industry: 'Khai khoáng' })) as [
      CustomerState,
      CustomerState,
    ];
    await marketing.know(lost, kept);
    await service.receive(marketing.complaint(kept.customerId));
    const segment = await create({ rule: rule({ field: 'industry', operator: '=', value: 'Khai khoáng' }) });
    const complained = () =>
      service.sql('select 1 from customer where open_severe_complaints = 1 and id = $1', [kept.customerId]);
    await eventually(async () => expect(await complained()).toHaveLength(1));
    await service.sql(`update customer set industry = null where id = $1`, [lost.customerId]);
    await service.sql(`update segment_membership set member = false where customer_id = $1`, [lost.customerId]);
    const steps = () => service.sql<{ n: number }>('select count(*)::int as n from segment_membership_change');
    const [before] = await steps();
    const operator = service.as({ roles: ['administrator'] });
    const { body: job } = await operator.post('/v1/bus/rebuilds', { take: true, reason: 'a drill' });
    const result = await eventually(
      async () => {
        const { body } = await operator.get(`/v1/jobs/${job.id}`);
        expect(body).toMatchObject({ state: 'succeeded' });
        return body.result;
      },
      { timeoutMs: 90_000 },
    );
    expect(result).toMatchObject({
      consumers: ['crm.marketing.customer-replica', 'crm.marketing.branches', 'crm.marketing.staff-replica'],
      tables: [
        {
          table: 'customer',
          differences: [{ key: { id: lost.customerId }, columns: ['industry', 'industry_folded'] }],
        },
        ...['support_case', 'erased', 'branch', 'staff'].map((table) => ({ table, equal: true })),
      ],
      taken: { equal: true, corrected: [{ table: 'customer', changed: 1, added: 0, removed: 0 }] },
    });
    expect((await membersOf(segment.id)).sort()).toEqual([lost.customerId, kept.customerId].sort());
    expect(await steps()).toEqual([{ n: before!.n + 1 }]);
  });

  it('shows size and a sample before anything is saved', async () => {
    const customers = [
      marketing.customer({ industry: 'In ấn' }),
      marketing.customer({ industry: 'In ấn', emails: [] }),
      marketing.customer({ industry: 'In ấn', consents: [] }),
    ];
    await marketing.know(...customers);
    const { status, body } = await marketing.director.post('/v1/segments/preview', {
      rule: rule({ field: 'industry', operator: '=', value: 'In ấn' }),
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ size: 3, reachableByEmail: 1 });
    expect(body.sample).toHaveLength(3);
  });

  it('evaluates a changed rule at once, needs If-Match for it, and stops when archived', async () => {
    const customer = marketing.customer({ industry: 'Ngân hàng' });
    await marketing.know(customer);
    const segment = await create({ rule: rule({ field: 'industry', operator: '=', value: 'Không có' }) });
    const changed = { rule: rule({ field: 'industry', operator: 'contains', value: 'ngan hang' }) };
    expect((await marketing.director.patch(`/v1/segments/${segment.id}`, changed)).status).toBe(428);
    expect(
      (await marketing.director.patch(`/v1/segments/${segment.id}`, changed, { 'if-match': '"7"' })).body,
    ).toMatchObject({ code: 'stale_version', currentVersion: 1 });
    const answer = await marketing.director.patch(`/v1/segments/${segment.id}`, changed, { 'if-match': '"1"' });
    expect(answer).toMatchObject({ status: 200, body: { size: 1, version: 2 } });
    expect(answer.headers.get('etag')).toBe('"2"');
    expect(
      (await marketing.director.post(`/v1/segments/${segment.id}/archive`, undefined, { 'if-match': '"2"' })).body,
    ).toMatchObject({ active: false });
    expect(
      (await marketing.director.patch(`/v1/segments/${segment.id}`, changed, { 'if-match': '"3"' })).body,
    ).toMatchObject({ code: 'segment_archived', status: 409 });
  });

  it('refuses wrong rules with the place of each fault', async () => {
    const wrong = {
      combinator: 'and',
      rules: [
        { field: 'password', operator: '=', value: 'x' },
        { field: 'orders', operator: '>', value: 'many' },
        { field: 'rank', operator: 'like', value: 'g' },
      ],
    };
    const { status, body } = await marketing.director.post('/v1/segments', { name: 'Sai', kind: 'rules', rule: wrong });
    expect(status).toBe(400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/rule/rules/0/field',
      '/rule/rules/1/value',
      '/rule/rules/2/operator',
    ]);
    expect((await marketing.director.post('/v1/segments', { name: 'Sai', kind: 'static', rule: gold })).status).toBe(
      422,
    );
    expect(
      (await marketing.director.post('/v1/segments', { name: 'Sai', kind: 'rules', colour: 'red' })).body,
    ).toMatchObject({ code: 'validation_failed' });
  });

  it("keeps branches apart: a branch's segment holds its own customers, and no other branch sees it", async () => {
    const [north, south] = [
      marketing.customer({ industry: 'Viễn thông' }),
      marketing.customer({ industry: 'Viễn thông', branchId: marketing.danang }),
    ];
    await marketing.know(north, south);
    const body = {
      name: 'Viễn thông',
      kind: 'rules',
      rule: rule({ field: 'industry', operator: '=', value: 'Viễn thông' }),
    };
    const own = await marketing.marketerOf(marketing.danang).post('/v1/segments', body);
    expect(own.body).toMatchObject({ size: 1, branchId: marketing.danang });
    expect(
      (await marketing.marketerOf(marketing.danang).get(`/v1/segments/${own.body.id}/members`)).body.data,
    ).toMatchObject([{ id: south.customerId }]);
    expect((await marketing.marketerOf(marketing.hanoi).get(`/v1/segments/${own.body.id}`)).status).toBe(404);
    const later = marketing.customer({ industry: 'Viễn thông' });
    await marketing.know(later);
    expect((await marketing.director.get(`/v1/segments/${own.body.id}`)).body).toMatchObject({ size: 1 });
    expect(
      (await marketing.service.as({ roles: ['seller'], branchId: marketing.danang }).post('/v1/segments', body)).status,
    ).toBe(403);
    expect((await marketing.service.anonymous.get('/v1/segments')).status).toBe(401);
  });

  it('publishes every membership again as it was', async () => {
    const again = await marketing.service.republished(SegmentMembershipState);
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });

  it('takes every time from the database', async () => expect(await marketing.timesOfOwnClock()).toEqual([]));
});
