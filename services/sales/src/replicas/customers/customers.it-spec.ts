import { CustomerState } from '@quen/events';
import { newId } from '@quen/messaging';
import {
  aCase,
  aCustomer,
  anInsight,
  aRoutedLead,
  eventually,
  match,
  startService,
  type TestService,
} from '@quen/testing';

describe('customer screen', () => {
  let sales: TestService;
  const branchId = newId();
  beforeAll(async () => {
    sales = await startService('sales');
  });
  afterAll(() => sales.stop());
  const seller = (branch = branchId) => sales.as({ roles: ['seller'], branchId: branch });
  const overview = (id: string, by = seller()) => by.get(`/v1/customers/${id}/overview`);
  const seen = (id: string) =>
    eventually(async () => {
      const answer = await overview(id);
      expect(answer.status).toBe(200);
      return answer.body;
    });

  it('shows traits, value, past terms, open opportunities and cases', async () => {
    const buyer = aCustomer({ branchId, needs: 'nước uống văn phòng' });
    await sales.receive(buyer);
    await sales.receive(anInsight(buyer.customerId));
    await sales.receive(aCase(buyer.customerId));
    await sales.receive(aCase(buyer.customerId, { status: 'solved' }));
    await seen(buyer.customerId);
    const me = sales.as({ roles: ['seller'], branchId });
    const product = (
      await sales.as({ roles: ['director'] }).post('/v1/products', {
        code: 'RO-10',
        name: 'Máy RO 10',
        unit: 'chiếc',
        listPrice: { amount: '1000000', currency: 'VND' },
      })
    ).body;
    const order = (
      await me.post('/v1/orders', {
        customerId: buyer.customerId,
        lines: [{ productId: product.id, quantity: '2' }],
        paymentTerms: 'trả sau 30 ngày',
      })
    ).body;
    await me.post(`/v1/orders/${order.id}/confirm`, undefined, match(order));
    await me.post('/v1/opportunities', { customerId: buyer.customerId, name: 'Thêm máy' });
    await eventually(async () => {
      const { body } = await overview(buyer.customerId);
      expect(body).toMatchObject({
        customer: { displayName: 'Trần Thị Thu Hà', profile: { needs: 'nước uống văn phòng' } },
        insight: { rank: 'gold', lifetimeValue: { amount: '41000000' } },
        due: { amount: '2000000' },
        orders: [{ code: order.code, paymentTerms: 'trả sau 30 ngày', products: ['Máy RO 10'] }],
        products: [{ code: 'RO-10', quantity: '2', lastUnitPrice: { amount: '1000000' } }],
        openOpportunities: [{ name: 'Thêm máy', stage: 'approach' }],
        openCases: [{ severity: 'high' }],
      });
      expect(Date.parse(body.insight.receivedAt)).toBeGreaterThan(0);
    });
  });

  it('never goes back to an older state', async () => {
    const buyer = aCustomer({ branchId });
    await sales.receive(anInsight(buyer.customerId, { version: 7, rank: 'diamond' }));
    await sales.receive(anInsight(buyer.customerId, { version: 6, rank: 'bronze' }));
    await sales.receive(aCustomer({ ...buyer, version: 4, displayName: 'Mới' }));
    await sales.receive(aCustomer({ ...buyer, version: 3, displayName: 'Cũ' }));
    const marker = aCustomer({ branchId });
    await sales.receive(aCustomer({ ...buyer, version: 5, displayName: 'Mới nhất' }));
    await sales.receive(marker);
    await seen(marker.customerId);
    await eventually(async () =>
      expect((await overview(buyer.customerId)).body).toMatchObject({
        customer: { displayName: 'Mới nhất' },
        insight: { rank: 'diamond' },
      }),
    );
  });

  it('leads from a merged record to the survivor, and forgets whom it must', async () => {
    const survivor = aCustomer({ branchId });
    const merged = aCustomer({ branchId, mergedInto: survivor.customerId });
    await sales.receive(survivor);
    await sales.receive(merged);
    await seen(survivor.customerId);
    await eventually(async () =>
      expect((await overview(merged.customerId)).body.customer?.id).toBe(survivor.customerId),
    );

    const opportunity = (await seller().post('/v1/opportunities', { customerId: merged.customerId, name: 'x' })).body;
    expect(opportunity.customerId).toBe(survivor.customerId);
    const manager = sales.as({ roles: ['branch-manager'], branchId });
    await manager.post(`/v1/opportunities/${opportunity.id}/contacts`, { name: 'Lê Vinh', role: 'buyer' });
    await sales.receiveErased(CustomerState, survivor.customerId, { version: 9 });
    await eventually(async () =>
      expect(await sales.sql('select 1 from opportunity_contact where opportunity_id = $1', [opportunity.id])).toEqual(
        [],
      ),
    );
    await sales.receive(aCustomer({ ...survivor, version: 8 }));
    const marker = aCustomer({ branchId });
    await sales.receive(marker);
    await seen(marker.customerId);
    expect((await overview(survivor.customerId)).status).toBe(404);
  });

  it('is closed to another branch, until that branch works a lead', async () => {
    const buyer = aCustomer({ branchId });
    await sales.receive(buyer);
    await seen(buyer.customerId);
    const other = newId();
    expect((await overview(buyer.customerId, seller(other))).status).toBe(404);
    await sales.receive(aRoutedLead({ customerId: buyer.customerId, branchId: other }));
    await sales.receive(anInsight(buyer.customerId));
    await sales.receive(aCase(buyer.customerId));
    await eventually(async () =>
      expect((await overview(buyer.customerId)).body).toMatchObject({ insight: { rank: 'gold' }, openCases: [{}] }),
    );
    // He sees whom he deals with, and not what is only for who may read the customer.
    await eventually(async () =>
      expect(await overview(buyer.customerId, seller(other))).toMatchObject({
        status: 200,
        body: { customer: { displayName: 'Trần Thị Thu Hà' }, insight: null, openCases: [] },
      }),
    );
  });

  it('is open to whoever may read the customer, with the business that he may read', async () => {
    const [owner, elsewhere] = [newId(), newId()];
    const buyer = aCustomer({ branchId, ownerId: owner });
    await sales.receive(buyer);
    await sales.receive(anInsight(buyer.customerId));
    await eventually(async () =>
      expect((await overview(buyer.customerId)).body.insight).toMatchObject({ rank: 'gold' }),
    );
    const product = (
      await sales.as({ roles: ['director'] }).post('/v1/products', {
        code: 'RO-11',
        name: 'Máy RO 11',
        unit: 'chiếc',
        listPrice: { amount: '1000000', currency: 'VND' },
      })
    ).body;
    const me = sales.as({ roles: ['seller'], branchId });
    await me.post('/v1/orders', { customerId: buyer.customerId, lines: [{ productId: product.id, quantity: '1' }] });
    await me.post('/v1/opportunities', { customerId: buyer.customerId, name: 'Thêm máy' });
    const seen = async (role: string, branch: string, subject = newId()): Promise<unknown[]> => {
      const { status, body } = await overview(buyer.customerId, sales.as({ roles: [role], branchId: branch, subject }));
      return status === 200 ? [body.insight?.rank, body.orders.length, body.openOpportunities.length] : [status];
    };
    const roles = ['seller', 'branch-manager', 'agent', 'accountant', 'marketer', 'data-reader'];
    expect(await Promise.all(roles.map((role) => seen(role, branchId)))).toEqual([
      ['gold', 1, 1],
      ['gold', 1, 1],
      ['gold', 1, 0],
      ['gold', 1, 0],
      ['gold', 0, 1],
      ['gold', 1, 1],
    ]);
    expect(await Promise.all(roles.map((role) => seen(role, elsewhere)))).toEqual([
      [404],
      [404],
      ['gold', 0, 0],
      [404],
      [404],
      ['gold', 1, 1],
    ]);
    // To be named as owner in another branch opens nothing, as in customers.
    expect(await seen('seller', elsewhere, owner)).toEqual([404]);
  });
});
