import { DataSource } from 'typeorm';
import {
  CaseAnswered,
  CaseAssigned,
  CaseOpened,
  CaseRated,
  CaseReopened,
  CaseSolved,
  CaseState,
  DeadlineBreached,
} from '@quen/events';
import { newId } from '@quen/messaging';
import { eventually, match, type Json } from '@quen/testing';
import { Support } from '../support.it-support.js';

describe('cases', () => {
  let support: Support;
  beforeAll(async () => {
    support = await Support.start();
  });
  afterAll(() => support.stop());

  describe('worked from opening to rating, each step an event,', () => {
    const agentId = newId();
    let seen: Json;
    const ofCase = (event: { caseId: string }) => event.caseId === seen.id;
    const act = async (action: string, body?: object): Promise<void> => {
      seen = await support.act(seen, action, body);
    };

    it('is opened, answered and solved', async () => {
      seen = await support.opened();
      expect(seen).toMatchObject({
        code: expect.stringMatching(/^CS-\d{6}$/),
        status: 'new',
        points: 65,
        rank: 'standard',
      });
      const opened = await support.service.published(CaseOpened, ofCase);
      expect(opened).toMatchObject({ kind: 'complaint', severity: 'high' });
      await act('assign', { agentId });
      await act('answer', { text: 'Chúng tôi sẽ đến chiều nay.', waitForCustomer: true });
      expect(seen).toMatchObject({ status: 'waiting', agentId, solutionDueAt: null });
      await act('customer-messages', { text: 'Đồng ý.' });
      expect(seen).toMatchObject({ status: 'open', solutionDueAt: expect.any(String) });
      await act('time', { minutes: 2, text: 'Gọi thợ' });
      await act('solve', { solution: 'Thay lõi lọc', cause: 'defect', minutes: 3 });
    });

    it('is rated badly, opened again and solved once more', async () => {
      await act('rate', { rating: 1 });
      await act('reopen', { text: 'Vẫn rò', minutes: 0 });
      expect(seen).toMatchObject({ rating: null, workedMinutes: 5 });
      await act('notes', { text: 'Hẹn lại', minutes: 1 });
      await act('solve', { solution: 'Thay máy' });
      const solved = (minutes: number) => (event: CaseSolved) => ofCase(event) && event.workedMinutes === minutes;
      expect(await support.service.published(CaseSolved, solved(5))).toMatchObject({ channel: 'call' });
      await support.service.published(CaseSolved, solved(1));
      await support.service.published(
        CaseState,
        (state) => ofCase(state) && state.rating === undefined && state.workedMinutes === 6,
      );
    });

    it('is closed, after which it is rated once and nothing else', async () => {
      await act('close');
      const closed = seen;
      await act('rate', { rating: 5 });
      expect(seen).toMatchObject({ status: 'closed', cause: 'defect', reopened: 1, rating: 5, workedMinutes: 6 });
      const late = { subject: 'đổi sau khi đóng', severity: 'critical', kind: 'question' };
      const isClosed = { status: 409, body: { code: 'case_closed' } };
      expect(await support.change(seen, late)).toMatchObject(isClosed);
      for (const [action, body] of Object.entries({
        assign: { agentId },
        answer: { text: 'x' },
        notes: { text: 'x' },
        time: { minutes: 1 },
        'customer-messages': { text: 'x' },
        solve: { solution: 'x' },
        reopen: { text: 'x' },
        close: undefined,
      }))
        expect(await support.attempt(seen, action, body)).toMatchObject(isClosed);
      const again = await support.attempt(seen, 'rate', { rating: 3 });
      expect(again).toMatchObject({ status: 409, body: { code: 'case_rated' } });
      const now = await support.case(seen.id);
      expect(now).toMatchObject({ version: closed.version + 1, severity: 'high', kind: 'complaint' });
    });

    it('has told of each step, and keeps a log of them', async () => {
      for (const event of [CaseAssigned, CaseAnswered, CaseSolved, CaseReopened, CaseRated])
        await support.service.published<{ caseId: string }>(event, ofCase);
      await support.service.published(
        CaseState,
        (state) => ofCase(state) && state.status === 'closed' && state.version === seen.version,
      );
      const { body: log } = await support.agent.get(`/v1/cases/${seen.id}/log`);
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
  });

  it("takes its place in the queue by the customer's value, and moves when that changes", async () => {
    const ordinary = await support.opened({ severity: 'normal', kind: 'question' }),
      valued = await support.opened({ severity: 'normal', kind: 'question' });
    expect((await support.position(ordinary.id)).position).toBeLessThan((await support.position(valued.id)).position);
    await support.rank(valued.customerId, 'diamond', 2);
    await eventually(async () =>
      expect(await support.position(valued.id)).toMatchObject({
        rank: 'diamond',
        points: 70,
        lifetimeValue: '7000000',
        receivedAt: expect.any(String) as string,
      }),
    );
    expect((await support.position(valued.id)).position).toBeLessThan((await support.position(ordinary.id)).position);
    const { id, version } = valued;
    await support.service.published(CaseState, (state) => state.caseId === id && state.version === version + 1);
    await support.rank(valued.customerId, 'bronze', 1);
    await support.rank(ordinary.customerId, 'gold', 1);
    await eventually(async () => expect(await support.position(ordinary.id)).toMatchObject({ rank: 'gold' }));
    expect(await support.position(valued.id)).toMatchObject({ rank: 'diamond' });
  });

  it('makes its customers anew from the topics: who had been ranked wrongly moves, and nobody else', async () => {
    const [lost, kept] = [await support.opened({ kind: 'question' }), await support.opened({ kind: 'question' })];
    for (const { customerId } of [lost, kept]) await support.rank(customerId, 'diamond', 1);
    const ranked = () =>
      support.service.sql('select 1 from "case" where rank = $1 and id = any($2)', ['diamond', [lost.id, kept.id]]);
    await eventually(async () => expect(await ranked()).toHaveLength(2));
    await support.service.sql(`update customer set rank = 'standard', lifetime_value = 0 where id = $1`, [
      lost.customerId,
    ]);
    await support.service.sql(`update "case" set rank = 'standard', points = points - 40 where id = $1`, [lost.id]);
    const versions = () => support.service.sql('select id, version from "case" where id <> $1 order by id', [lost.id]);
    const before = await versions();
    const result = await support.rebuilt('crm.support.customer-replica');
    expect(result).toMatchObject({
      tables: [
        { table: 'customer', differences: [{ key: { id: lost.customerId } }] },
        { table: 'erased', equal: true },
      ],
      taken: { equal: true, corrected: [{ table: 'customer', changed: 1, added: 0, removed: 0 }] },
    });
    expect(await ranked()).toHaveLength(2);
    expect(await versions()).toEqual(before);
    await support.service.published(
      CaseState,
      (state) => state.caseId === lost.id && state.version === lost.version + 2,
    );
  });

  it('two agents who take the next case at once get two cases', async () => {
    await Promise.all([support.opened(), support.opened()]);
    const taken = await Promise.all([1, 2].map(() => support.agent.post('/v1/queue/next')));
    expect(taken.map((answer) => answer.status)).toEqual([200, 200]);
    expect(new Set(taken.map((answer) => answer.body.id)).size).toBe(2);
  });

  it('explains its deadlines and works them out anew when a holiday is declared', async () => {
    const opened = await support.opened({ severity: 'low' });
    const { body: before } = await support.agent.get(`/v1/cases/${opened.id}/deadlines`);
    expect(before).toMatchObject({
      policyName: 'Tiêu chuẩn',
      solution: { targetMinutes: 2400, usedMinutes: 0, dueAt: opened.solutionDueAt },
    });
    const [calendar] = (await support.agent.get('/v1/calendars')).body;
    const day = new Date(Date.parse(opened.solutionDueAt) - 86_400_000).toISOString().slice(0, 10),
      year = Number(day.slice(0, 4));
    const { body: known } = await support.agent.get(`/v1/calendars/${calendar.id}/holidays/${year}`);
    // The case's week is given away whole, so that the deadline moves whatever weekday the test runs on.
    const week = Array.from({ length: 7 }, (_, n) => ({
      day: new Date(Date.parse(day) - n * 86_400_000).toISOString().slice(0, 10),
      name: 'Nghỉ bù',
    })).filter((each) => each.day.startsWith(String(year)));
    const put = await support.agent.put(
      `/v1/calendars/${calendar.id}/holidays/${year}`,
      { holidays: [...known, ...week] },
      match(calendar),
    );
    expect(put.status).toBe(200);
    await eventually(async () => {
      const { body: moved } = await support.agent.get(`/v1/cases/${opened.id}`);
      expect(Date.parse(moved.solutionDueAt)).toBeGreaterThan(Date.parse(opened.solutionDueAt));
    });
    const now = await support.case(opened.id);
    await support.service.published(
      CaseState,
      (state) => state.caseId === opened.id && state.solutionDueAt === now.solutionDueAt,
    );
  });

  it('notes a missed deadline once, and the breach stays', async () => {
    const opened = await support.opened();
    await support.service.sql(`update "case" set first_response_due_at = now() - interval '1 minute' where id = $1`, [
      opened.id,
    ]);
    expect(
      await support.service.published(DeadlineBreached, (event) => event.caseId === opened.id, { timeoutMs: 20_000 }),
    ).toMatchObject({ deadline: 'first-response' });
    const seen = await support.case(opened.id);
    const answered = await support.act(seen, 'answer', { text: 'Xin lỗi.' });
    expect(answered.firstResponseBreachedAt).not.toBeNull();
    expect(
      (await support.service.bus.published(DeadlineBreached)).filter((record) => record.data?.caseId === opened.id),
    ).toHaveLength(1);
  });

  describe('what is refused', () => {
    it('a stale version, a missing one, and one that is none', async () => {
      const opened = await support.opened();
      await support.act(opened, 'notes', { text: 'Gọi lại' });
      const note = (headers: Record<string, string>) =>
        support.agent.post(`/v1/cases/${opened.id}/notes`, { text: 'x' }, headers);
      expect(await note(match(opened))).toMatchObject({
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
      const answer = await support.agent.post('/v1/cases', support.question(newId(), fields));
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });

    it('a policy that is not there', async () => {
      const answer = await support.agent.post(
        '/v1/cases',
        support.question(await support.customer(), { policyId: newId() }),
      );
      expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_policy' } });
    });

    it('null where nothing can be cleared', async () => {
      const opened = await support.opened();
      expect((await support.change(opened, { subject: null })).status).toBe(400);
      expect((await support.change(opened, { description: null })).status).toBe(200);
    });

    it("another branch's case, for reading and for changing", async () => {
      const opened = await support.opened();
      const stranger = support.service.as({ roles: ['agent'], branchId: newId() });
      expect((await stranger.get(`/v1/cases/${opened.id}`)).status).toBe(404);
      expect((await support.attempt(opened, 'solve', { solution: 'x' }, stranger)).status).toBe(404);
      expect((await stranger.get('/v1/cases')).body.data).toEqual([]);
      expect((await stranger.get('/v1/queue')).body).toEqual([]);
    });

    it('a case for a customer of another branch, who is as unknown there as one whom nobody knows', async () => {
      const stranger = support.service.as({ roles: ['branch-manager'], branchId: newId() });
      for (const customerId of [await support.customer(), newId()]) {
        const answer = await stranger.post('/v1/cases', support.question(customerId));
        expect(answer).toMatchObject({
          status: 409,
          body: { code: 'not_known_here_yet', detail: expect.stringContaining(customerId) },
        });
      }
    });

    it('the same request twice opens one case', async () => {
      const customerId = await support.customer(),
        key = { 'idempotency-key': newId() };
      const body = support.question(customerId, { subject: 'Một lần' });
      const [first, second] = [
        await support.agent.post('/v1/cases', body, key),
        await support.agent.post('/v1/cases', body, key),
      ];
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect((await support.agent.get(`/v1/cases?filter[customerId]=${customerId}`)).body.data).toHaveLength(1);
    });

    it('minutes beyond a day, or on a solved case', async () => {
      let opened = await support.opened();
      for (const minutes of [-1, 1441, 1.5, '5', null])
        expect((await support.attempt(opened, 'time', { minutes })).status).toBe(400);
      opened = await support.act(opened, 'solve', { solution: 'x' });
      for (const action of ['time', 'notes'])
        expect(
          await support.agent.post(`/v1/cases/${opened.id}/${action}`, { text: 'x', minutes: 1 }, match(opened)),
        ).toMatchObject({ status: 409, body: { code: 'case_solved' } });
      await support.act(opened, 'notes', { text: 'x' });
    });

    it.each(['limit=0', 'limit=1000', 'limit=x', 'limit=1.5', 'cursor=x'])('the queue with ?%s', async (query) => {
      expect(await support.agent.get(`/v1/queue?${query}`)).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: `?${query.split('=')[0]}` }] },
      });
      expect((await support.agent.get('/v1/queue?limit=1')).body.length).toBeLessThanOrEqual(1);
    });

    it('holidays of another year, a week that is none, a policy without targets', async () => {
      const [calendar] = (await support.agent.get('/v1/calendars')).body;
      const header = match(calendar);
      expect(
        await support.agent.put(
          `/v1/calendars/${calendar.id}/holidays/2030`,
          { holidays: [{ day: '2031-01-01', name: 'Tết Tây' }] },
          header,
        ),
      ).toMatchObject({ status: 400, body: { errors: [{ pointer: '/holidays/0/day' }] } });
      expect(
        await support.agent.put(`/v1/calendars/${calendar.id}/holidays/99999`, { holidays: [] }, header),
      ).toMatchObject({
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
        expect(await support.agent.patch(`/v1/calendars/${calendar.id}`, { week }, header)).toMatchObject({
          status: 400,
          body: { errors: [{ pointer }] },
        });
        expect(
          await support.agent.post('/v1/calendars', { name: newId(), zone: 'Asia/Ho_Chi_Minh', week }),
        ).toMatchObject({
          status: 400,
          body: { errors: [{ pointer }] },
        });
      }
      expect(await support.agent.post('/v1/sla-policies', { name: 'x', calendarId: calendar.id })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/targets' }] },
      });
      expect(
        await support.agent.post('/v1/sla-policies', {
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
        await support.agent.post('/v1/calendars', { name: 'Không bao giờ', zone: 'Asia/Ho_Chi_Minh', week: { 1: [] } }),
      ).toMatchObject({ status: 422, body: { code: 'calendar_invalid' } });
    });
  });

  it('keeps customers and notes of other branches from whoever asks the database itself', async () => {
    const opened = await support.opened();
    await support.act(opened, 'notes', { text: 'Khách hay quỵt' });
    const own = await new DataSource({
      type: 'postgres',
      url: support.service.process.env['DATABASE_URL'],
      extra: { options: '-c search_path=support,extensions' },
    }).initialize();
    const seen = async (scope: string, of = support.branchId): Promise<unknown> =>
      (
        await own.query(
          `with reach as materialized (select set_config('quen.scope', $1, false), set_config('quen.branch', $2, false))
       select (select count(*)::int from customer where id = $3) as customers, (select count(*)::int from case_log where case_id = $4) as notes from reach`,
          [scope, of, opened.customerId, opened.id],
        )
      )[0];
    expect(await seen('')).toEqual({ customers: 0, notes: 0 });
    expect(await seen('branch', newId())).toEqual({ customers: 0, notes: 0 });
    expect(await seen('branch')).toEqual({ customers: 1, notes: 2 });
    await own.destroy();
  });

  it('publishes every case again as it was', async () => {
    const again = await support.service.republished(CaseState);
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });
});
