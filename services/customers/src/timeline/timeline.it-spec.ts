import { build, CaseOpened, Money, OrderConfirmed, PaymentReceived } from '@quen/events';
import { eventually, startService, type Client, type TestService } from '@quen/testing';
import { CustomersConfig } from '../customers.config.js';
import { CustomersModule } from '../customers.module.js';

const branchId = crypto.randomUUID();
let customers: TestService;
let manager: Client;
let customerId: string;
let path: string;
const kinds = async (query = '', client = manager): Promise<string[]> => (await client.get(`${path}${query}`)).body.data.map(({ kind }: { kind: string }) => kind);

beforeAll(async () => {
  customers = await startService(CustomersModule, CustomersConfig);
  manager = customers.as({ roles: ['branch-manager'], branchId });
  customerId = (await manager.post('/v1/customers', { displayName: 'Nguyễn Dòng Đời' })).body.id;
  path = `/v1/customers/${customerId}/timeline`;
  const [orderId, productId] = [crypto.randomUUID(), crypto.randomUUID()];
  await customers.receive(build(OrderConfirmed, {
    orderId, orderCode: 'DH-1', customerId, orderedOn: '2024-05-01', total: Money.of('4990000'), branchId, origin: 'import',
    lines: [{ line: 1, productId, productCode: 'LN', quantity: '1', amount: Money.of('4990000'), cost: Money.of('3350000') }],
  }));
  const payment = build(PaymentReceived, { orderId, paymentId: crypto.randomUUID(), customerId, amount: Money.of('4990000'), receivedOn: '2024-05-03', method: 'bank' });
  const id = crypto.randomUUID();
  await customers.receive(payment, { id, version: 2 });
  await customers.receive(payment, { id, version: 2 });
  await customers.receive(build(CaseOpened, { caseId: crypto.randomUUID(), code: 'YC-1', customerId, kind: 'complaint', severity: 'high', channel: 'call', category: 'rò nước', branchId }));
  await eventually(async () => expect(await kinds()).toHaveLength(4));
});
afterAll(() => customers?.stop());

it('tells what every service did, the newest first, an imported order on its own day, a duplicate once', async () => {
  expect(await kinds('?sort=at')).toEqual(['order-confirmed', 'payment-received', ...(await kinds('?sort=at')).slice(2)]);
  expect((await kinds()).slice(0, 2).sort()).toEqual(['case-opened', 'customer-registered']);
});

it('speaks the reader\'s language', async () => {
  const text = async (language: string): Promise<string> => (await manager.get(`${path}?filter[kind]=payment-received`, { 'accept-language': language })).body.data[0].text;
  expect(await text('vi')).toBe('Thanh toán 4.990.000 ₫ (bank)');
  expect(await text('en')).toBe('Paid 4,990,000 ₫ (bank)');
});

it('is filtered by service and time, and paged', async () => {
  expect(await kinds('?filter[service]=support')).toEqual(['case-opened']);
  expect(await kinds('?filter[at][lt]=2024-12-31')).toEqual(['payment-received', 'order-confirmed']);
  const first = (await manager.get(`${path}?limit=3`)).body;
  expect(await kinds(`?limit=3&cursor=${encodeURIComponent(first.nextCursor)}`)).toEqual(['order-confirmed']);
});

it('does not exist for another branch', async () => {
  expect((await customers.as({ roles: ['branch-manager'], branchId: crypto.randomUUID() }).get(path)).status).toBe(404);
});
