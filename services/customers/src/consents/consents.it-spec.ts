import { BranchState, build, ConsentGiven, ConsentWithdrawn, CustomerState, CustomerUnsubscribed } from '@quen/events';
import { eventually, startService, type Client, type TestService } from '@quen/testing';

const branchId = crypto.randomUUID();
let customers: TestService;
let marketer: Client;
let id: string;
let ledger: string;

const statement = (given: boolean, at?: string) => ({
  purpose: 'marketing',
  channel: 'email',
  given,
  source: 'seminar list',
  wording: 'Tôi đồng ý nhận thông tin',
  proof: 'page 3',
  ...(at && { at }),
});

beforeAll(async () => {
  customers = await startService('customers');
  await customers.receive(
    build(BranchState, { branchId, version: 1, code: 'HN', name: 'Hà Nội', path: branchId, active: true }),
  );
  await eventually(async () => expect(await customers.sql('select 1 from branch')).toHaveLength(1));
  marketer = customers.as({ roles: ['marketer'], branchId });
  id = (await marketer.post('/v1/customers', { displayName: 'Nguyễn Đồng Ý', emails: ['y@mail.example'] })).body.id;
  ledger = `/v1/customers/${id}/consents`;
});
afterAll(() => customers?.stop());

it('gives and withdraws, keeps every entry, and publishes the answer now', async () => {
  expect(await marketer.post(ledger, statement(true, '2026-01-01T00:00:00Z'))).toMatchObject({
    status: 201,
    body: { given: true, proof: 'page 3' },
  });
  await customers.published(ConsentGiven, ({ customerId }) => customerId === id);
  await marketer.post(ledger, statement(false, '2026-02-01T00:00:00Z'));
  await customers.published(ConsentWithdrawn, ({ customerId }) => customerId === id);
  await customers.published(
    CustomerState,
    ({ customerId, consents }) => customerId === id && consents.some(({ given }) => !given),
  );
  const { body } = await marketer.get(ledger);
  expect(body.current).toEqual([
    { purpose: 'marketing', channel: 'email', given: false, at: '2026-02-01T00:00:00.000Z' },
  ]);
  expect(body.data.map(({ given }: { given: boolean }) => given)).toEqual([false, true]);
});

it('keeps an older entry in the ledger without turning the answer back', async () => {
  await marketer.post(ledger, statement(true, '2026-01-15T00:00:00Z'));
  const { body } = await marketer.get(ledger);
  expect(body.current).toMatchObject([{ given: false }]);
  expect(body.data).toHaveLength(3);
});

it('withdraws when the customer unsubscribes through a message', async () => {
  await marketer.post(ledger, statement(true));
  const messageId = crypto.randomUUID();
  await customers.receive(
    build(CustomerUnsubscribed, { messageId, campaignId: crypto.randomUUID(), customerId: id, channel: 'email' }),
    { occurredAt: new Date(Date.now() + 1000) },
  );
  await eventually(async () =>
    expect((await marketer.get(ledger)).body).toMatchObject({
      current: [{ given: false }],
      data: [{ proof: `message ${messageId}` }, {}, {}, {}, {}],
    }),
  );
});

it('keeps and passes on a refusal on a channel that only the service that heard it knows yet', async () => {
  const unsubscribed = build(CustomerUnsubscribed, {
    messageId: crypto.randomUUID(),
    campaignId: crypto.randomUUID(),
    customerId: id,
    channel: 'pigeon-post' as never,
  });
  await customers.receive(unsubscribed, { occurredAt: new Date(Date.now() + 1000) });
  const answered = { channel: 'pigeon-post', given: false };
  await eventually(async () =>
    expect((await marketer.get(`${ledger}?sort=-recordedAt`)).body).toMatchObject({
      current: expect.arrayContaining([expect.objectContaining(answered)]),
      data: expect.arrayContaining([expect.objectContaining(answered)]),
    }),
  );
  expect(await customers.sql('select 1 from inbox_parked')).toEqual([]);
});

it('refuses a time to come, an unknown purpose and words without content', async () => {
  expect((await marketer.post(ledger, statement(true, '2999-01-01T00:00:00Z'))).body).toMatchObject({
    code: 'validation_failed',
    errors: [{ pointer: '/at', code: 'in_the_future' }],
  });
  expect((await marketer.post(ledger, { ...statement(true), purpose: 'spam' })).status).toBe(400);
  expect((await marketer.post(ledger, { ...statement(true), wording: ' ' })).status).toBe(400);
});

it('cannot be changed, not even in the database', async () => {
  await expect(customers.sql('update consent_entry set given = true')).rejects.toThrow('takes new rows only');
  await expect(customers.sql('delete from consent_entry')).rejects.toThrow('takes new rows only');
});

it("belongs to the customer's branch", async () => {
  const elsewhere = customers.as({ roles: ['marketer'], branchId: crypto.randomUUID() });
  expect((await elsewhere.get(ledger)).status).toBe(404);
  expect((await elsewhere.post(ledger, statement(true))).status).toBe(404);
});
