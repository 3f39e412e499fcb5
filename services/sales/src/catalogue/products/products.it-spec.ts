import { Money, ProductState } from '@quen/events';
import { newId } from '@quen/messaging';
import { aCustomer, anInsight, eventually, match, startService, type TestService } from '@quen/testing';

describe('products and prices', () => {
  let sales: TestService;
  beforeAll(async () => {
    sales = await startService('sales');
  });
  afterAll(() => sales.stop());
  const director = () => sales.as({ roles: ['director'] });

  it('keeps a product and publishes its state', async () => {
    const made = await director().post('/v1/products', {
      code: 'ln-ro08',
      name: 'Máy lọc nước RO 8 lõi',
      unit: 'chiếc',
      listPrice: Money.of(4_990_000),
      cost: Money.of(3_350_000),
    });
    expect(made).toMatchObject({
      status: 201,
      body: { code: 'LN-RO08', kind: 'goods', listPrice: { amount: '4990000', currency: 'VND' }, version: 1 },
    });
    await sales.published(
      ProductState,
      (state) => state.productId === made.body.id && state.listPrice?.amount === '4990000',
    );

    const changed = await director().patch(
      `/v1/products/${made.body.id}`,
      { listPrice: Money.of(5_090_000), category: 'Máy lọc nước' },
      match(made.body),
    );
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 2, name: 'Máy lọc nước RO 8 lõi', category: 'Máy lọc nước' },
    });
    await sales.published(
      ProductState,
      (state) => state.productId === made.body.id && state.version === 2 && state.listPrice?.amount === '5090000',
    );
    expect(await director().patch(`/v1/products/${made.body.id}`, { name: 'x' }, match(made.body))).toMatchObject({
      status: 412,
      body: { code: 'stale_version' },
    });
    expect(await director().patch(`/v1/products/${made.body.id}`, { name: 'x' })).toMatchObject({ status: 428 });
    expect(await director().post('/v1/products', { code: 'LN-RO08', name: 'x', unit: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'product_code_taken' },
    });
    expect(await director().post('/v1/products', { code: 'A', name: 'x', unit: 'x', colour: 'red' })).toMatchObject({
      status: 400,
      body: { code: 'validation_failed' },
    });
    expect((await director().get('/v1/products?q=may loc')).body.data).toHaveLength(1);
  });

  it('tells what a product costs the firm only to those who may know, and keeps price and cost in one currency', async () => {
    const made = (
      await director().post('/v1/products', {
        code: 'GIA-VON',
        name: 'Giá vốn',
        unit: 'chiếc',
        listPrice: Money.of(500),
        cost: Money.of(300),
      })
    ).body;
    for (const [roles, cost] of [
      [['seller'], undefined],
      [['agent', 'marketer'], undefined],
      [['accountant'], '300'],
      [['seller', 'branch-manager'], '300'],
      [['data-reader'], '300'],
    ] as const) {
      const who = sales.as({ roles: [...roles] });
      expect((await who.get(`/v1/products/${made.id}`)).body.cost?.amount).toBe(cost);
      expect(
        (await who.get('/v1/products?filter[code]=GIA-VON')).body.data.map(
          (each: { cost?: Money }) => each.cost?.amount,
        ),
      ).toEqual([cost]);
    }
    expect(
      await director().patch(`/v1/products/${made.id}`, { listPrice: Money.of('5.50', 'USD') }, match(made)),
    ).toMatchObject({ status: 422, body: { code: 'product_currency' } });
    expect(
      await director().patch(
        `/v1/products/${made.id}`,
        { listPrice: Money.of('5.50', 'USD'), cost: Money.of('3', 'USD') },
        match(made),
      ),
    ).toMatchObject({ status: 200, body: { cost: { currency: 'USD' } } });
    expect(
      await director().post('/v1/price-books', {
        code: 'NGUOC',
        name: 'x',
        validFrom: '2026-02-01',
        validTo: '2026-01-31',
      }),
    ).toMatchObject({ status: 422, body: { code: 'price_book_dates' } });
  });

  it('holds the prices of a branch for that branch only, in the database too', async () => {
    const [branchId, buyer] = [newId(), aCustomer()];
    await sales.receive(Object.assign(buyer, { branchId }));
    const product = (
      await director().post('/v1/products', {
        code: 'CN-01',
        name: 'Giá chi nhánh',
        unit: 'chiếc',
        listPrice: Money.of(1_000),
      })
    ).body;
    const book = (
      await director().post('/v1/price-books', { code: 'CN', name: 'Chi nhánh', validFrom: '2026-01-01', branchId })
    ).body;
    await director().put(
      `/v1/price-books/${book.id}/prices`,
      { prices: [{ productId: product.id, fromQuantity: '1', unitPrice: '900' }] },
      match(book),
    );
    await eventually(async () => {
      const made = await sales
        .as({ roles: ['seller'], branchId })
        .post('/v1/quotes', { customerId: buyer.customerId, lines: [{ productId: product.id, quantity: '1' }] });
      expect(made).toMatchObject({ status: 201, body: { total: { amount: '900' } } });
    });
    const open = await sales.sql(`
      select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'sales'::regnamespace and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)
         and (a.attname in ('branch_id', 'owner_id') or c.relname in ('insight', 'support_case', 'price'))`);
    expect(open).toEqual([]);
  });

  it('lets sellers read, not write', async () => {
    const seller = sales.as({ roles: ['seller'] });
    expect((await seller.get('/v1/products')).status).toBe(200);
    expect((await seller.post('/v1/products', { code: 'B', name: 'x', unit: 'x' })).status).toBe(403);
    expect((await sales.anonymous.get('/v1/products')).status).toBe(401);
  });

  it('explains the price of a quantity for a customer on a day', async () => {
    const product = (
      await director().post('/v1/products', {
        code: 'LOI-01',
        name: 'Lõi lọc số 1',
        unit: 'chiếc',
        listPrice: Money.of(100_000),
      })
    ).body;
    const gold = aCustomer();
    await sales.receive(gold);
    await sales.receive(anInsight(gold.customerId, { rank: 'gold' }));
    const general = (
      await director().post('/v1/price-books', { code: 'GENERAL', name: 'Chung', validFrom: '2026-01-01' })
    ).body;
    const forGold = (
      await director().post('/v1/price-books', {
        code: 'GOLD',
        name: 'Hạng vàng',
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
        customerRank: 'gold',
      })
    ).body;
    const filled = await director().put(
      `/v1/price-books/${general.id}/prices`,
      {
        prices: [
          { productId: product.id, fromQuantity: '1', unitPrice: '95000' },
          { productId: product.id, fromQuantity: '10', unitPrice: '90000' },
        ],
      },
      match(general),
    );
    expect(filled).toMatchObject({
      status: 200,
      body: { version: 2, prices: [{ fromQuantity: '1' }, { fromQuantity: '10' }] },
    });
    await director().put(
      `/v1/price-books/${forGold.id}/prices`,
      { prices: [{ productId: product.id, fromQuantity: '1', unitPrice: '88000' }] },
      match(forGold),
    );

    const ask = (query: string) => director().get(`/v1/prices/quote?product=LOI-01&${query}`);
    expect((await ask('quantity=12&on=2026-06-01')).body).toMatchObject({
      source: 'price-book',
      unitPrice: { amount: '90000' },
      amount: { amount: '1080000' },
    });
    await eventually(async () => {
      const { body } = await ask(`quantity=12&on=2026-06-01&customer=${gold.customerId}`);
      expect(body.unitPrice).toEqual({ amount: '88000', currency: 'VND' });
      expect(body.considered[0]).toMatchObject({ book: 'GOLD', verdict: 'chosen' });
    });
    expect((await ask(`quantity=1&on=2027-01-01&customer=${gold.customerId}`)).body.unitPrice.amount).toBe('95000');
    expect((await ask('quantity=1&on=2025-06-01')).body).toMatchObject({
      source: 'list-price',
      unitPrice: { amount: '100000' },
    });
    expect(await director().get('/v1/prices/quote?product=NOTHING')).toMatchObject({
      status: 422,
      body: { code: 'product_unknown' },
    });
    expect(
      await director().put(
        `/v1/price-books/${general.id}/prices`,
        { prices: [{ productId: product.id, fromQuantity: '1', unitPrice: '1000.4999' }] },
        match(filled.body),
      ),
    ).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/prices/0/unitPrice', message: 'must be a whole number: VND has no decimals' }] },
    });
    expect(await director().put(`/v1/price-books/${general.id}/prices`, { prices: [] }, match(general))).toMatchObject({
      status: 412,
    });
  });
});
