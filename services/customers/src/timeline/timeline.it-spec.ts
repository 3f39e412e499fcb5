import {
  BranchState,
  build,
  CaseOpened,
  Money,
  OpportunityLost,
  OpportunityOpened,
  OrderConfirmed,
  PaymentReceived,
  QuoteIssued,
} from '@quen/events';
import { eventually, startService, type Actor, type Client, type TestService } from '@quen/testing';

const branchId = crypto.randomUUID();
let customers: TestService;
let manager: Client;
let customerId: string;
let path: string;
const kinds = async (query = '', client = manager): Promise<string[]> =>
  (await client.get(`${path}${query}`)).body.data.map(({ kind }: { kind: string }) => kind);

beforeAll(async () => {
  customers = await startService('customers');
  await customers.receive(
    build(BranchState, { branchId, version: 1, code: 'HN', name: 'Hà Nội', path: branchId, active: true }),
  );
  await eventually(async () => expect(await customers.sql('select 1 from branch')).toHaveLength(1));
  manager = customers.as({ roles: ['branch-manager'], branchId });
  customerId = (await manager.post('/v1/customers', { displayName: 'Nguyễn Dòng Đời' })).body.id;
  path = `/v1/customers/${customerId}/timeline`;
  const [orderId, productId] = [crypto.randomUUID(), crypto.randomUUID()];
  await customers.receive(
    build(OrderConfirmed, {
      orderId,
      orderCode: 'DH-1',
      customerId,
      orderedOn: '2024-05-01',
      total: Money.of('4990000'),
      branchId,
      origin: 'import',
      lines: [
        {
          line: 1,
          productId,
          productCode: 'LN',
          quantity: '1',
          amount: Money.of('4990000'),
          cost: Money.of('3350000'),
        },
      ],
    }),
  );
  const payment = build(PaymentReceived, {
    orderId,
    paymentId: crypto.randomUUID(),
    customerId,
    amount: Money.of('4990000'),
    receivedOn: '2024-05-03',
    method: 'bank',
  });
  const id = crypto.randomUUID();
  await customers.receive(payment, { id, version: 2 });
  await customers.receive(payment, { id, version: 2 });
  await customers.receive(
    build(CaseOpened, {
      caseId: crypto.randomUUID(),
      code: 'YC-1',
      customerId,
      kind: 'complaint',
      severity: 'high',
      channel: 'call',
      category: 'rò nước',
      branchId,
    }),
  );
  await eventually(async () => expect(await kinds()).toHaveLength(4));
});
afterAll(() => customers?.stop());

it('tells what every service did, the newest first, an imported order on its own day, a duplicate once', async () => {
  expect(await kinds('?sort=at')).toEqual([
    'order-confirmed',
    'payment-received',
    ...(await kinds('?sort=at')).slice(2),
  ]);
  expect((await kinds()).slice(0, 2).sort()).toEqual(['case-opened', 'customer-registered']);
});

it("speaks the reader's language", async () => {
  const text = async (language: string): Promise<string> =>
    (await manager.get(`${path}?filter[kind]=payment-received`, { 'accept-language': language })).body.data[0].text;
  expect(await text('vi')).toBe('Thanh toán 4.990.000 ₫ (bank)');
  expect(await text('en')).toBe('Paid 4,990,000 ₫ (bank)');
});

it('is filtered by service and time, and paged', async () => {
  expect(await kinds('?filter[service]=support')).toEqual(['case-opened']);
  expect(await kinds('?filter[at][lt]=2024-12-31')).toEqual(['payment-received', 'order-confirmed']);
  const first = (await manager.get(`${path}?limit=3`)).body;
  expect(await kinds(`?limit=3&cursor=${encodeURIComponent(first.nextCursor)}`)).toEqual(['order-confirmed']);
});

it('says no more of a sale than sales would: not its terms to who does not reach the record there', async () => {
  const [owner, opportunityId] = [crypto.randomUUID(), crypto.randomUUID()];
  await customers.receive(
    build(OpportunityOpened, {
      opportunityId,
      customerId,
      pipelineId: crypto.randomUUID(),
      stage: 'approach',
      branchId,
      ownerId: owner,
      amount: Money.of('7000000'),
    }),
  );
  await customers.receive(
    build(QuoteIssued, { quoteId: crypto.randomUUID(), customerId, opportunityId, total: Money.of('6500000') }),
    { actor: crypto.randomUUID() },
  );
  await customers.receive(build(OpportunityLost, { opportunityId, customerId, ownerId: owner, reason: 'giá cao' }));
  await eventually(async () => expect(await kinds('?filter[kind]=opportunity-lost')).toHaveLength(1));
  const told = async (actor: Actor): Promise<string[]> =>
    (await customers.as(actor).get(`${path}?filter[service]=sales&sort=at`, { 'accept-language': 'en' })).body.data.map(
      ({ text, data }: { text: string; data: object }) => {
        expect(/amount|"reason"|"stage"/.test(JSON.stringify(data))).toBe(/₫|giá cao|stage/.test(text));
        return text;
      },
    );
  const all = [
    'Order DH-1: 4,990,000 ₫',
    'Paid 4,990,000 ₫ (bank)',
    'Opportunity opened, stage approach 7,000,000 ₫',
    'Quote over 6,500,000 ₫ issued',
    'Opportunity lost: giá cao',
  ];
  const few = ['Order DH-1', 'Paid', 'Opportunity opened', 'Quote issued', 'Opportunity lost'];
  const [order, paid] = all,
    [orderAlone, paidAlone] = few;
  expect(await told({ roles: ['seller'], branchId })).toEqual(few);
  expect(await told({ roles: ['marketer'], branchId })).toEqual(few);
  expect(await told({ roles: ['agent'], branchId: crypto.randomUUID() })).toEqual(few);
  expect(await told({ roles: ['seller'], branchId, subject: owner })).toEqual([orderAlone, paidAlone, ...all.slice(2)]);
  for (const roles of [['branch-manager'], ['agent'], ['accountant'], ['director'], ['seller', 'branch-manager']])
    expect(await told({ roles, branchId })).toEqual([order, paid, ...all.slice(2)]);
});

it('does not exist for another branch', async () => {
  expect((await customers.as({ roles: ['branch-manager'], branchId: crypto.randomUUID() }).get(path)).status).toBe(404);
});
