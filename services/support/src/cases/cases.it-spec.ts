import { build, CaseAnswered, CaseAssigned, CaseOpened, CaseRated, CaseReopened, CaseSolved, CaseState, CustomerInsightState, type CustomerRank, CustomerState, DeadlineBreached, Money } from '@quen/events';
import { newId } from '@quen/messaging';
import { type Client, eventually, type Json, startService, type TestService } from '@quen/testing';
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
    await support.receive(build(CustomerState, {
      customerId, version: 1, code: 'KH-000001', kind: 'person', category: 'consumer', lifecycle: 'prospect', displayName: 'Trần Thị Bưởi', phones: [], emails: [],
      source: 'manual', language: 'vi', branchId, consents: [], registeredAt: new Date().toISOString(),
    }));
    await eventually(async () => expect(await support.sql('select 1 from customer where id = $1 and version = 1', [customerId])).toHaveLength(1));
    return customerId;
  }

  async function rank(customerId: string, to: CustomerRank, version: number): Promise<void> {
    await support.receive(build(CustomerInsightState, {
      customerId, version, rank: to, orders: 1, revenue: Money.of(1), paid: Money.of(1), profit: Money.of(1), lifetimeValue: Money.of(7_000_000),
      recencyScore: 5, frequencyScore: 1, valueScore: 1, openComplaints: 0, calculatedAt: new Date().toISOString(),
    }));
  }

  async function opened(fields: object = {}): Promise<Json> {
    const customerId = await customer();
    const { status, body } = await agent.post('/v1/cases', { customerId, subject: 'Máy rò nước', kind: 'complaint', severity: 'high', category: 'leak', channel: 'call', ...fields });
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
    expect(it).toMatchObject({ code: expect.stringMatching(/^CS-\d{6}$/) as string, status: 'new', points: 65, rank: 'standard' });
    expect(await support.published(CaseOpened, (event) => event.caseId === it.id)).toMatchObject({ kind: 'complaint', severity: 'high' });
    const agentId = newId();
    it = await act(it, 'assign', { agentId });
    it = await act(it, 'answer', { text: 'Chúng tôi sẽ đến chiều nay.', waitForCustomer: true });
    expect(it).toMatchObject({ status: 'waiting', agentId, solutionDueAt: null });
    it = await act(it, 'customer-messages', { text: 'Đồng ý.' });
    expect(it).toMatchObject({ status: 'open', solutionDueAt: expect.any(String) as string });
    it = await act(it, 'solve', { solution: 'Thay lõi lọc', cause: 'defect' });
    it = await act(it, 'reopen', { text: 'Vẫn rò' });
    it = await act(it, 'solve', { solution: 'Thay máy' });
    it = await act(it, 'rate', { rating: 5 });
    it = await act(it, 'close');
    expect(it).toMatchObject({ status: 'closed', cause: 'defect', reopened: 1, rating: 5 });
    for (const event of [CaseAssigned, CaseAnswered, CaseSolved, CaseReopened, CaseRated]) await support.published(event, (each: { caseId: string }) => each.caseId === it.id);
    await support.published(CaseState, (state) => state.caseId === it.id && state.status === 'closed' && state.version === it.version);
    const { body: log } = await agent.get(`/v1/cases/${it.id}/log`);
    expect(log.map((entry: { kind: string }) => entry.kind)).toEqual(['opened', 'assigned', 'answered', 'customer-wrote', 'solved', 'reopened', 'solved', 'rated', 'closed']);
  });

  it('takes its place in the queue by the customer\'s value, and moves when that changes', async () => {
    const ordinary = await opened({ severity: 'normal', kind: 'question' }), valued = await opened({ severity: 'normal', kind: 'question' });
    const position = async (id: string): Promise<Json> => (await agent.get(`/v1/cases/${id}/queue-position`)).body;
    expect((await position(ordinary.id)).position).toBeLessThan((await position(valued.id)).position);
    await rank(valued.customerId, 'diamond', 2);
    await eventually(async () => expect(await position(valued.id)).toMatchObject({ rank: 'diamond', points: 70, lifetimeValue: '7000000', receivedAt: expect.any(String) as string }));
    expect((await position(valued.id)).position).toBeLessThan((await position(ordinary.id)).position);
    await support.published(CaseState, (state) => state.caseId === valued.id && state.version === valued.version + 1);
    await rank(valued.customerId, 'bronze', 1);
    await rank(ordinary.customerId, 'gold', 1);
    await eventually(async () => expect(await position(ordinary.id)).toMatchObject({ rank: 'gold' }));
    expect(await position(valued.id)).toMatchObject({ rank: 'diamond' });
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
    expect(before).toMatchObject({ policyName: 'Tiêu chuẩn', solution: { targetMinutes: 2400, usedMinutes: 0, dueAt: it.solutionDueAt } });
    const [calendar] = (await agent.get('/v1/calendars')).body;
    const day = new Date(Date.parse(it.solutionDueAt) - 86_400_000).toISOString().slice(0, 10), year = Number(day.slice(0, 4));
    const { body: known } = await agent.get(`/v1/calendars/${calendar.id}/holidays/${year}`);
    // The case's week is given away whole, so that the deadline moves whatever weekday the test runs on.
    const week = Array.from({ length: 7 }, (_, n) => ({ day: new Date(Date.parse(day) - n * 86_400_000).toISOString().slice(0, 10), name: 'Nghỉ bù' })).filter((each) => each.day.startsWith(String(year)));
    const put = await agent.put(`/v1/calendars/${calendar.id}/holidays/${year}`, { holidays: [...known, ...week] }, { 'if-match': `"${calendar.version}"` });
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
    expect(await support.published(DeadlineBreached, (event) => event.caseId === it.id, { timeoutMs: 20_000 })).toMatchObject({ deadline: 'first-response' });
    const seen = (await agent.get(`/v1/cases/${it.id}`)).body;
    const answered = await act(seen, 'answer', { text: 'Xin lỗi.' });
    expect(answered.firstResponseBreachedAt).not.toBeNull();
    expect((await support.bus.published(DeadlineBreached)).filter((record) => record.data?.caseId === it.id)).toHaveLength(1);
  });

  describe('what is refused', () => {
    it('a stale version, a missing one, and one that is none', async () => {
      const it = await opened();
      await act(it, 'notes', { text: 'Gọi lại' });
      const note = (headers: Record<string, string>) => agent.post(`/v1/cases/${it.id}/notes`, { text: 'x' }, headers);
      expect(await note({ 'if-match': `"${it.version}"` })).toMatchObject({ status: 412, body: { code: 'stale_version' } });
      expect((await note({})).status).toBe(428);
      expect((await note({ 'if-match': 'x' })).status).toBe(400);
    });

    it.each([
      ['an unknown field', { colour: 'red' }, 400], ['a wrong type', { severity: 5 }, 400], ['an unknown severity', { severity: 'awful' }, 400],
      ['a customer nobody knows', { customerId: newId() }, 422],
    ])('%s', async (_, fields, status) => {
      const answer = await agent.post('/v1/cases', { customerId: newId(), subject: 'x', kind: 'question', severity: 'low', category: 'x', channel: 'web', ...fields });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    });

    it('a policy that is not there', async () => {
      const answer = await agent.post('/v1/cases', { customerId: await customer(), subject: 'x', kind: 'question', severity: 'low', category: 'x', channel: 'web', policyId: newId() });
      expect(answer).toMatchObject({ status: 422, body: { code: 'unknown_policy' } });
    });

    it('null where nothing can be cleared', async () => {
      const it = await opened();
      expect((await agent.patch(`/v1/cases/${it.id}`, { subject: null }, { 'if-match': `"${it.version}"` })).status).toBe(400);
      expect((await agent.patch(`/v1/cases/${it.id}`, { description: null }, { 'if-match': `"${it.version}"` })).status).toBe(200);
    });

    it('another branch\'s case, for reading and for changing', async () => {
      const it = await opened();
      const stranger = support.as({ roles: ['agent'], branchId: newId() });
      expect((await stranger.get(`/v1/cases/${it.id}`)).status).toBe(404);
      expect((await stranger.post(`/v1/cases/${it.id}/solve`, { solution: 'x' }, { 'if-match': `"${it.version}"` })).status).toBe(404);
      expect((await stranger.get('/v1/cases')).body.data).toEqual([]);
      expect((await stranger.get('/v1/queue')).body).toEqual([]);
    });

    it('a case for a customer of another branch, who is as unknown there as one whom nobody knows', async () => {
      const stranger = support.as({ roles: ['branch-manager'], branchId: newId() });
      for (const customerId of [await customer(), newId()]) {
        const answer = await stranger.post('/v1/cases', { customerId, subject: 'x', kind: 'question', severity: 'low', category: 'x', channel: 'web' });
        expect(answer).toMatchObject({ status: 409, body: { code: 'not_known_here_yet', detail: expect.stringContaining(customerId) } });
      }
    });

    it('the same request twice opens one case', async () => {
      const customerId = await customer(), key = { 'idempotency-key': newId() };
      const body = { customerId, subject: 'Một lần', kind: 'question', severity: 'low', category: 'x', channel: 'web' };
      const [first, second] = [await agent.post('/v1/cases', body, key), await agent.post('/v1/cases', body, key)];
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      expect((await agent.get(`/v1/cases?filter[customerId]=${customerId}`)).body.data).toHaveLength(1);
    });

    it('a calendar that never works', async () => {
      expect(await agent.post('/v1/calendars', { name: 'Không bao giờ', zone: 'Asia/Ho_Chi_Minh', week: { 1: [] } })).toMatchObject({ status: 422, body: { code: 'calendar_invalid' } });
    });
  });

  it('publishes every case again as it was', async () => {
    const again = await support.republished(CaseState);
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });
});
