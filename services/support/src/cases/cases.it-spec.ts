import { DataSource } from 'typeorm';
import {
  build,
  CaseAnswered,
  CaseAssigned,
  CaseOpened,
  CaseRated,
  CaseReopened,
  CaseSolved,
  CaseState,
  CustomerInsightState,
  CustomerState,
  DeadlineBreached,
  Money,
  type CustomerRank,
} from '@quen/events';
import { newId } from '@quen/messaging';
import { eventually, startService, type Client, type Json, type TestService } from '@quen/testing';
import { SupportConfig } from '../support.config.js';
import { SupportModule } from '../support.module.js';

const branch = newId();

describe('cases', () => {
  let support: TestService;
  let agent: Client;
  beforeAll(async () => {
    support = await startService(SupportModule, SupportConfig);
    agent = support.as({ roles: ['director'] });
  });
  afterAll(() => support.stop());

  async function customer(branchId = branch): Promise<string> {
    const customerId = newId();
    await support.receive(
      build(CustomerState, {
        customerId,
        version: 1,
        code: 'KH-000001',
        kind: 'person',
        category: 'consumer',
        lifecycle: 'prospect',
        displayName: 'Trần Thị Bưởi',
        phones: [],
        emails: [],
        source: 'manual',
        language: 'vi',
        branchId,
        consents: [],
        registeredAt: new Date().toISOString(),
      }),
    );
    await eventually(async () =>
      expect(await support.sql('select 1 from customer where id = $1 and version = 1', [customerId])).toHaveLength(1),
    );
    return customerId;
  }

  async function rank(customerId: string, to: CustomerRank, version: number): Promise<void> {
    await support.receive(
      build(CustomerInsightState, {
        customerId,
        version,
        rank: to,
        orders: 1,
        revenue: Money.of(1),
        paid: Money.of(1),
        profit: Money.of(1),
        lifetimeValue: Money.of(7_000_000),
        recencyScore: 5,
        frequencyScore: 1,
        valueScore: 1,
        openComplaints: 0,
        calculatedAt: new Date().toISOString(),
      }),
    );
  }

  async function opened(fields: object = {}): Promise<Json> {
    const customerId = await customer();
    const { status, body } = await agent.post('/v1/cases', {
      customerId,
      subject: 'Máy rò nước',
      kind: 'complaint',
      severity: 'high',
      category: 'leak',
      channel: 'call',
      ...fields,
    });
    expect(status).toBe(201);
    return body;
  }

  /** Does something to a case as last seen and returns what it became. */
  async function act(on: Json, action: string, body?: object): Promise<Json> {
    const answer = await agent.post(`/v1/cases/${on.id}/${action}`, body, { 'if-match': `"${on.version}"` });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  }

  it('is worked from opening to rating, each step an event', async () => {
    let it = await opened();
    expect(it).toMatchObject({
      code: expect.stringMatching(/^CS-\d{6}$/) as string,
      status: 'new',
      points: 65,
      rank: 'standard',
    });
    expect(await support.published(CaseOpened, (event) => event.caseId === it.id)).toMatchObject({
      kind: 'complaint',
      severity: 'high',
    });
    const agentId = newId();
    it = await act(it, 'assign', { agentId });
    it = await act(it, 'answer', { text: 'Chúng tôi sẽ đến chiều nay.', waitForCustomer: true });
    expect(it).toMatchObject({ status: 'waiting', agentId, solutionDueAt: null });
    it = await act(it, 'customer-messages', { text: 'Đồng ý.' });
    expect(it).toMatchObject({ status: 'open', solutionDueAt: expect.any(String) as string });
    it = await act(it, 'time', { minutes: 2, text: 'Gọi thợ' });
    it = await act(it, 'solve', { solution: 'Thay lõi lọc', cause: 'defect', minutes: 3 });
    it = await act(it, 'rate', { rating: 1 });
    it = await act(it, 'reopen', { text: 'Vẫn rò', minutes: 0 });
    expect(it).toMatchObject({ rating: null, workedMinutes: 5 });
    it = await act(it, 'notes', { text: 'Hẹn lại', minutes: 1 });
    it = await act(it, 'solve', { solution: 'Thay máy' });
    expect(
      await support.published(CaseSolved, (each) => each.caseId === it.id && each.workedMinutes === 5),
    ).toMatchObject({ channel: 'call' });
    await support.published(CaseSolved, (each) => each.caseId === it.id && each.workedMinutes === 1);
    await support.published(
      CaseState,
      (state) => state.caseId === it.id && state.rating === undefined && state.workedMinutes === 6,
    );
    it = await act(it, 'close');
    const closed = it;
    it = await act(it, 'rate', { rating: 5 });
    expect(it).toMatchObject({ status: 'closed', cause: 'defect', reopened: 1, rating: 5, workedMinutes: 6 });
    const refused = { 'if-match': `"${it.version}"` };
    expect(
      await agent.patch(
        `/v1/cases/${it.id}`,
        { subject: 'đổi sau khi đóng', severity: 'critical', kind: 'question' },
        refused,
      ),
    ).toMatchObject({ status: 409, body: { code: 'case_closed' } });
    for (const [action, body] of Object.entries({
      assign: { agentId },
      answer: { text: 'x' },
      notes: { text: 'x' },
      time: { minutes: 1 },
      'customer-messages': { text: 'x' },
      solve: { solution: 'x' },
      reopen: { text: 'x' },
      close: undefined,
    })) {
      expect(await agent.post(`/v1/cases/${it.id}/${action}`, body, refused)).toMatchObject({
        status: 409,
        body: { code: 'case_closed' },
      });
    }
    expect(await agent.post(`/v1/cases/${it.id}/rate`, { rating: 3 }, refused)).toMatchObject({
      status: 409,
      body: { code: 'case_rated' },
    });
    expect((await agent.get(`/v1/cases/${it.id}`)).body).toMatchObject({
      version: closed.version + 1,
      severity: 'high',
      kind: 'complaint',
    });
    for (const event of [CaseAssigned, CaseAnswered, CaseSolved, CaseReopened, CaseRated])
      await support.published(event, (each: { caseId: string }) => each.caseId === it.id);
    await support.published(
      CaseState,
      (state) => state.caseId === it.id && state.status === 'closed' && state.version === it.version,
    );
    const { body: log } = await agent.get(`/v1/cases/${it.id}/log`);
    expect(log.map((entry: { kind: string }) => entry.kind)).toEqual([
      'opened',
      'assigned',
      'answered',
      'customer-wrote',
      'worked',
      'solved',
      'rated',
      'reopened',
      'noted',
      'solved',
      'closed',
      'rated',
    ]);
  });

  it("takes its place in the queue by the customer's value, and moves when that changes", async () => {
    const ordinary = await opened({ severity: 'normal', kind: 'question' }),
      valued = await opened({ severity: 'normal', kind: 'question' });
    const position = async (id: string): Promise<Json> => (await agent.get(`/v1/cases/${id}/queue-position`)).body;
    expect((await position(ordinary.id)).position).toBeLessThan((await position(valued.id)).position);
    await rank(valued.customerId, 'diamond', 2);
    await eventually(async () =>
      expect(await position(valued.id)).toMatchObject({
        rank: 'diamond',
        points: 70,
        lifetimeValue: '7000000',
        receivedAt: expect.any(String) as string,
      }),
    );
    expect((await position(valued.id)).position).toBeLessThan((await position(ordinary.id)).position);
    await support.published(CaseState, (state) => state.caseId === valued.id && state.version === valued.version + 1);
    await rank(valued.customerId, 'bronze', 1);
    await rank(ordinary.customerId, 'gold', 1);
    await eventually(async () => expect(await position(ordinary.id)).toMatchObject({ rank: 'gold' }));
    expect(await position(valued.id)).toMatchObject({ rank: 'diamond' });
  });

  it('makes its customers anew from the topics: who had been ranked wrongly moves, and nobody else', async () => {
    const [lost, kept] = [await opened({ kind: 'question' }), await opened({ kind: 'question' })];
    for (const { customerId } of [lost, kept]) await rank(customerId, 'diamond', 1);
    const ranked = () =>
      support.sql('select 1 from "case" where rank = $1 and id = any($2)', ['diamond', [lost.id, kept.id]]);
    await eventually(async () => expect(await ranked()).toHaveLength(2));
    await support.sql(`update customer set rank = 'standard', lifetime_value = 0 where id = $1`, [lost.customerId]);
    await support.sql(`update "case" set rank = 'standard', points = points - 40 where id = $1`, [lost.id]);
    const versions = () => support.sql('select id, version from "case" where id <> $1 order by id', [lost.id]);
    const before = await versions();
    const operator = support.as({ roles: ['administrator'] });
    const { body: job } = await operator.post('/v1/bus/rebuilds', {
      consumers: ['crm.support.customer-replica'],
      take: true,
      reason: 'a drill',
    });
    const result = await eventually(
      async () => {
        const { body } = await operator.get(`/v1/jobs/${job.id}`);
        expect(body).toMatchObject({ state: 'succeeded' });
        return body.result;
      },
      { timeoutMs: 90_000 },
    );
    expect(result).toMatchObject({
      tables: [
        { table: 'customer', differences: [{ key: { id: lost.customerId } }] },
        { table: 'erased', equal: true },
      ],
      taken: { equal: true, corrected: [{ table: 'customer', changed: 1, added: 0, removed: 0 }] },
    });
    expect(await ranked()).toHaveLength(2);
    expect(await versions()).toEqual(before);
    await support.published(CaseState, (state) => state.caseId === lost.id && state.version === lost.version + 2);
  });

  it('two agents who take the next case at once get two cases', async () => {
    await Promise.all([opened(), opened()]);
    const taken = await Promise.all([1, 2].map(() => agent.post('/v1/queue/next')));
    expect(taken.map((answer) => answer.status)).toEqual([200, 200]);
    expect(new Set(taken.map((answer) => answer.body.id)).size).toBe(2);
  });

  it('explains its deadlines and works them out anew when a holiday is declared', async () => {
    const it = await opened({ severity: 'low' });
    const { body: before } = await agent.get(`/v1/cases/${it.id}/deadlines`);
    expect(before).toMatchObject({
      policyName: 'Tiêu chuẩn',
      solution: { targetMinutes: 2400, usedMinutes: 0, dueAt: it.solutionDueAt },
    });
    const [calendar] = (await agent.get('/v1/calendars')).body;
    const day = new Date(Date.parse(it.solutionDueAt) - 86_400_000).toISOString().slice(0, 10),
      year = Number(day.slice(0, 4));
    const { body: known } = await agent.get(`/v1/calendars/${calendar.id}/holidays/${year}`);
    // The case's week is given away whole, so that the deadline moves whatever weekday the test runs on.
    const week = Array.from({ length: 7 }, (_, n) => ({
      day: new Date(Date.parse(day) - n * 86_400_000).toISOString().slice(0, 10),
      name: 'Nghỉ bù',
    })).filter((each) => each.day.startsWith(String(year)));
    const put = await agent.put(
      `/v1/calendars/${calendar.id}/holidays/${year}`,
      { holidays: [...known, ...week] },
      { 'if-match': `"${calendar.version}"` },
    );
    expect(put.status).toBe(200);
    await eventually(async () => {
      const { body: moved } = await agent.get(`/v1/cases/${it.id}`);
      expect(Date.parse(moved.solutionDueAt)).toBeGreaterThan(Date.parse(it.solutionDueAt));
    });
    const now = (await agent.get(`/v1/cases/${it.id}`)).body;
    await support.published(CaseState, (state) => state.caseId === it.id && state.solutionDueAt === now.solutionDueAt);
  });

  it('notes a missed deadline once, and the breach stays', async () => {
    const it = await opened();
    await support.sql(`update "case" set first_response_due_at = now() - interval '1 minute' where id = $1`, [it.id]);
    expect(
      await support.published(DeadlineBreached, (event) => event.caseId === it.id, { timeoutMs: 20_000 }),
    ).toMatchObject({ deadline: 'first-response' });
    const seen = (await agent.get(`/v1/cases/${it.id}`)).body;
    const answered = await act(seen, 'answer', { text: 'Xin lỗi.' });
    expect(answered.firstResponseBreachedAt).not.toBeNull();
    expect(
      (await support.bus.published(DeadlineBreached)).filter((record) => record.data?.caseId === it.id),
    ).toHaveLength(1);
  });

  describe('what is refused', () => {
    it('a stale version, a missing one, and one that is none', async () => {
      const it = await opened();
      await act(it, 'notes', { text: 'Gọi lại' });
      const note = (headers: Record<string, string>) => agent.post(`/v1/cases/${it.id}/notes`, { text: 'x' }, headers);
      expect(await note({ 'if-match': `"${it.version}"` })).toMatchObject({
        status: 412,
        body: { code: 'stale_version' },
      });
      expect((await note({})).status).toBe(428);
      expect((await note({ 'if-match': 'x' })).status).toBe(400);
    });

    it.each([
      ['an unknown field', { colour: 'red' }, 400],
      ['a wrong type', { severity: 5 }, 400],
      ['an unknown severity', { severity: 'awful' }, 400],
      ['a customer nobody knows', { customerId: newId() }, 409],
    ])('%s', async (_, fields, status) => {
      const answer = await agent.post('/v1/cases', {
        customerId: newId(),
        subject: 'x',
        kind: 'question',
        severity: 'low',
        category: 'x',
        channel: 'web',
        ...fields,
      });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });

    it('a policy that is not there', async () => {
      const answer = await agent.post('/v1/cases', {
        customerId: await customer(),
        subject: 'x',
        kind: 'question',
        severity: 'low',
        category: 'x',
        channel: 'web',
        policyId: newId(),
      });
      expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_policy' } });
    });

    it('null where nothing can be cleared', async () => {
      const it = await opened();
      expect(
        (await agent.patch(`/v1/cases/${it.id}`, { subject: null }, { 'if-match': `"${it.version}"` })).status,
      ).toBe(400);
      expect(
        (await agent.patch(`/v1/cases/${it.id}`, { description: null }, { 'if-match': `"${it.version}"` })).status,
      ).toBe(200);
    });

    it("another branch's case, for reading and for changing", async () => {
      const it = await opened();
      const stranger = support.as({ roles: ['agent'], branchId: newId() });
      expect((await stranger.get(`/v1/cases/${it.id}`)).status).toBe(404);
      expect(
        (await stranger.post(`/v1/cases/${it.id}/solve`, { solution: 'x' }, { 'if-match': `"${it.version}"` })).status,
      ).toBe(404);
      expect((await stranger.get('/v1/cases')).body.data).toEqual([]);
      expect((await stranger.get('/v1/queue')).body).toEqual([]);
    });

    it('a case for a customer of another branch, who is as unknown there as one whom nobody knows', async () => {
      const stranger = support.as({ roles: ['branch-manager'], branchId: newId() });
      for (const customerId of [await customer(), newId()]) {
        const answer = await stranger.post('/v1/cases', {
          customerId,
          subject: 'x',
          kind: 'question',
          severity: 'low',
          category: 'x',
          channel: 'web',
        });
        expect(answer).toMatchObject({
          status: 409,
          body: { code: 'not_known_here_yet', detail: expect.stringContaining(customerId) },
        });
      }
    });

    it('the same request twice opens one case', async () => {
      const customerId = await customer(),
        key = { 'idempotency-key': newId() };
      const body = { customerId, subject: 'Một lần', kind: 'question', severity: 'low', category: 'x', channel: 'web' };
      const [first, second] = [await agent.post('/v1/cases', body, key), await agent.post('/v1/cases', body, key)];
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect((await agent.get(`/v1/cases?filter[customerId]=${customerId}`)).body.data).toHaveLength(1);
    });

    it('minutes beyond a day, or on a solved case', async () => {
      let it = await opened();
      for (const minutes of [-1, 1441, 1.5, '5', null])
        expect(
          (await agent.post(`/v1/cases/${it.id}/time`, { minutes }, { 'if-match': `"${it.version}"` })).status,
        ).toBe(400);
      it = await act(it, 'solve', { solution: 'x' });
      for (const action of ['time', 'notes'])
        expect(
          await agent.post(
            `/v1/cases/${it.id}/${action}`,
            { text: 'x', minutes: 1 },
            { 'if-match': `"${it.version}"` },
          ),
        ).toMatchObject({ status: 409, body: { code: 'case_solved' } });
      await act(it, 'notes', { text: 'x' });
    });

    it.each(['limit=0', 'limit=1000', 'limit=x', 'limit=1.5', 'cursor=x'])('the queue with ?%s', async (query) => {
      expect(await agent.get(`/v1/queue?${query}`)).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: `?${query.split('=')[0]}` }] },
      });
      expect((await agent.get('/v1/queue?limit=1')).body.length).toBeLessThanOrEqual(1);
    });

    it('holidays of another year, a week that is none, a policy without targets', async () => {
      const [calendar] = (await agent.get('/v1/calendars')).body;
      const header = { 'if-match': `"${calendar.version}"` };
      expect(
        await agent.put(
          `/v1/calendars/${calendar.id}/holidays/2030`,
          { holidays: [{ day: '2031-01-01', name: 'Tết Tây' }] },
          header,
        ),
      ).toMatchObject({ status: 400, body: { errors: [{ pointer: '/holidays/0/day' }] } });
      expect(await agent.put(`/v1/calendars/${calendar.id}/holidays/99999`, { holidays: [] }, header)).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/year' }] },
      });
      for (const [week, pointer] of [
        [{ 1: [null] }, '/week/1/0'],
        [{ 1: null }, '/week/1'],
        [{ 8: [] }, '/week/8'],
        [{ 1: [{ from: '08:00' }] }, '/week/1/0/to'],
        [{ 2: [{ from: '8', to: '17:00' }] }, '/week/2/0/from'],
      ] as const) {
        expect(await agent.patch(`/v1/calendars/${calendar.id}`, { week }, header)).toMatchObject({
          status: 400,
          body: { errors: [{ pointer }] },
        });
        expect(await agent.post('/v1/calendars', { name: newId(), zone: 'Asia/Ho_Chi_Minh', week })).toMatchObject({
          status: 400,
          body: { errors: [{ pointer }] },
        });
      }
      expect(await agent.post('/v1/sla-policies', { name: 'x', calendarId: calendar.id })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/targets' }] },
      });
      expect(
        await agent.post('/v1/sla-policies', {
          name: 'x',
          calendarId: calendar.id,
          targets: { low: { firstResponseMinutes: 1, solutionMinutes: 2 } },
        }),
      ).toMatchObject({
        status: 400,
        body: {
          errors: [{ pointer: '/targets/normal' }, { pointer: '/targets/high' }, { pointer: '/targets/critical' }],
        },
      });
    });

    it('a calendar that never works', async () => {
      expect(
        await agent.post('/v1/calendars', { name: 'Không bao giờ', zone: 'Asia/Ho_Chi_Minh', week: { 1: [] } }),
      ).toMatchObject({ status: 422, body: { code: 'calendar_invalid' } });
    });
  });

  it('keeps customers and notes of other branches from whoever asks the database itself', async () => {
    const it = await opened();
    await act(it, 'notes', { text: 'Khách hay quỵt' });
    const own = await new DataSource({
      type: 'postgres',
      url: support.process.env['DATABASE_URL'],
      extra: { options: '-c search_path=support,extensions' },
    }).initialize();
    const seen = async (scope: string, of = branch): Promise<unknown> =>
      (
        await own.query(
          `with reach as materialized (select set_config('quen.scope', $1, false), set_config('quen.branch', $2, false))
       select (select count(*)::int from customer where id = $3) as customers, (select count(*)::int from case_log where case_id = $4) as notes from reach`,
          [scope, of, it.customerId, it.id],
        )
      )[0];
    expect(await seen('')).toEqual({ customers: 0, notes: 0 });
    expect(await seen('branch', newId())).toEqual({ customers: 0, notes: 0 });
    expect(await seen('branch')).toEqual({ customers: 1, notes: 2 });
    await own.destroy();
  });

  it('publishes every case again as it was', async () => {
    const again = await support.republished(CaseState);
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });
});
