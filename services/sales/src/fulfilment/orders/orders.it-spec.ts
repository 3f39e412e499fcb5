import {
  GoodsDelivered,
  GoodsReturned,
  InvoiceIssued,
  OrderConfirmed,
  OrderState,
  PaymentReceived,
  ProductState,
} from '@quen/events';
import { newId } from '@quen/messaging';
import { eventually, startService, type TestService } from '@quen/testing';
import { customer, match } from '../../fixtures/business.fixture.js';
import { SalesConfig } from '../../sales.config.js';
import { SalesModule } from '../../sales.module.js';

describe('orders', () => {
  let sales: TestService;
  let productId: string;
  const branchId = newId();
  const me = newId();
  const campaignId = newId();
  const buyer = customer({ branchId });
  const vnd = (amount: number) => ({ amount: String(amount), currency: 'VND' });
  const seller = () => sales.as({ roles: ['seller'], branchId, subject: me });
  const accountant = () => sales.as({ roles: ['accountant'] });
  beforeAll(async () => {
    sales = await startService(SalesModule, SalesConfig);
    await sales.receive(buyer);
    productId = (
      await sales.as({ roles: ['director'] }).post('/v1/products', {
        code: 'RO-10',
        name: 'Máy RO 10',
        unit: 'chiếc',
        listPrice: vnd(1_000_000),
        cost: vnd(600_000),
      })
    ).body.id;
    await eventually(async () =>
      expect((await seller().get(`/v1/customers/${buyer.customerId}/overview`)).status).toBe(200),
    );
  });
  afterAll(() => sales.stop());

  const confirmed = async (body: object = { customerId: buyer.customerId, lines: [{ productId, quantity: '3' }] }) => {
    const made = await seller().post('/v1/orders', body);
    expect(made.status).toBe(201);
    return (await seller().post(`/v1/orders/${made.body.id}/confirm`, undefined, match(made.body))).body;
  };

  it('goes from quote to payment and return, each a fact of its own, and carries the campaign along', async () => {
    const opportunity = (
      await seller().post('/v1/opportunities', { customerId: buyer.customerId, name: 'Máy lọc nước', campaignId })
    ).body;
    const quote = (
      await seller().post('/v1/quotes', {
        opportunityId: opportunity.id,
        lines: [{ productId, quantity: '3' }],
        discountPercent: '10',
        paymentTerms: '50/50',
      })
    ).body;
    const issued = (await seller().post(`/v1/quotes/${quote.id}/issue`, undefined, match(quote))).body;
    await seller().post(`/v1/quotes/${quote.id}/accept`, undefined, match(issued));
    const order = await confirmed({ quoteId: quote.id });
    expect(order).toMatchObject({
      status: 'confirmed',
      campaignId,
      opportunityId: opportunity.id,
      total: vnd(2_700_000),
      paymentTerms: '50/50',
      version: 2,
    });
    const event = await sales.published(OrderConfirmed, (each) => each.orderId === order.id);
    expect(event).toMatchObject({
      campaignId,
      origin: 'entry',
      lines: [{ line: 1, quantity: '3', amount: vnd(2_700_000), cost: vnd(1_800_000) }],
    });
    expect(await seller().post('/v1/orders', { quoteId: quote.id })).toMatchObject({ status: 409 });

    const part = (
      await seller().post(`/v1/orders/${order.id}/deliveries`, { lines: [{ line: 1, quantity: '1' }] }, match(order))
    ).body;
    expect(part).toMatchObject({ delivered: 'part', lines: [{ delivered: '1', open: '2' }] });
    expect(
      await seller().post(`/v1/orders/${order.id}/deliveries`, { lines: [{ line: 1, quantity: '3' }] }, match(part)),
    ).toMatchObject({ status: 422, body: { code: 'delivery_beyond_ordered' } });
    const full = (await seller().post(`/v1/orders/${order.id}/deliveries`, {}, match(part))).body;
    await sales.published(GoodsDelivered, (each) => each.orderId === order.id && each.lines[0]?.quantity === '2');

    const invoiced = (await accountant().post(`/v1/orders/${order.id}/invoices`, {}, match(full))).body;
    await sales.published(InvoiceIssued, (each) => each.orderId === order.id && each.amount.amount === '2700000');
    const half = (
      await accountant().post(
        `/v1/orders/${order.id}/payments`,
        { amount: vnd(1_000_000), method: 'cash' },
        match(invoiced),
      )
    ).body;
    expect(half).toMatchObject({ paid: vnd(1_000_000), balance: vnd(1_700_000), status: 'confirmed' });
    expect(
      await accountant().post(
        `/v1/orders/${order.id}/payments`,
        { amount: vnd(1), method: 'cash', receivedOn: '2999-01-01' },
        match(half),
      ),
    ).toMatchObject({ status: 422, body: { code: 'day_in_future' } });
    for (const [amount, code, pointer] of [
      ['5.5', 'decimals_of_currency', '/amount/amount'],
      ['0.4', 'decimals_of_currency', '/amount/amount'],
      ['-1', 'more_than_zero', '/amount'],
      [undefined, 'required', '/amount'],
    ]) {
      expect(
        await accountant().post(
          `/v1/orders/${order.id}/payments`,
          { amount: amount && { amount, currency: 'VND' }, method: 'cash' },
          match(half),
        ),
      ).toMatchObject({ status: 400, body: { errors: [{ code, pointer }] } });
    }
    expect(
      await accountant().post(
        `/v1/orders/${order.id}/payments`,
        { amount: vnd(1_700_001), method: 'cash' },
        match(half),
      ),
    ).toMatchObject({ status: 422, body: { code: 'payment_beyond_due' } });
    const paid = (
      await accountant().post(
        `/v1/orders/${order.id}/payments`,
        { amount: vnd(1_700_000), method: 'bank-transfer', reference: 'FT1' },
        match(half),
      )
    ).body;
    expect(paid).toMatchObject({ status: 'closed', balance: vnd(0) });
    await sales.published(
      PaymentReceived,
      (each) => each.orderId === order.id && each.amount.amount === '1700000' && each.campaignId === campaignId,
    );

    const returned = (
      await seller().post(
        `/v1/orders/${order.id}/returns`,
        { lines: [{ line: 1, quantity: '1' }], reason: 'lỗi' },
        match(paid),
      )
    ).body;
    expect(returned).toMatchObject({
      credited: vnd(900_000),
      balance: vnd(-900_000),
      deliveries: [{}, {}],
      invoices: [{}],
      payments: [{}, {}],
      returns: [{ credited: vnd(900_000), lines: [{ quantity: '1' }] }],
    });
    await sales.published(
      GoodsReturned,
      (each) => each.orderId === order.id && each.campaignId === campaignId && each.credited.amount === '900000',
    );
    await sales.published(
      OrderState,
      (state) => state.orderId === order.id && state.version === returned.version && state.returned.amount === '900000',
    );
    expect(
      await seller().post(`/v1/orders/${order.id}/returns`, { lines: [{ line: 1, quantity: '3' }] }, match(returned)),
    ).toMatchObject({ status: 422, body: { code: 'return_beyond_delivered' } });
  });

  it('takes no order of a day to come', async () => {
    expect(
      await seller().post('/v1/orders', {
        customerId: buyer.customerId,
        orderedOn: '2999-01-01',
        lines: [{ productId, quantity: '1' }],
      }),
    ).toMatchObject({ status: 422, body: { code: 'day_in_future' } });
  });

  it('sells a quote once, by an order or by a contract, also when both are asked for at once', async () => {
    const accepted = async () => {
      const quote = (
        await seller().post('/v1/quotes', { customerId: buyer.customerId, lines: [{ productId, quantity: '1' }] })
      ).body;
      const issued = (await seller().post(`/v1/quotes/${quote.id}/issue`, undefined, match(quote))).body;
      return (await seller().post(`/v1/quotes/${quote.id}/accept`, undefined, match(issued))).body;
    };
    const sold = { status: 409, body: { code: 'quote_sold' } };
    const [ordered, contracted, raced] = [await accepted(), await accepted(), await accepted()];
    const order = await seller().post('/v1/orders', { quoteId: ordered.id });
    expect(order.status).toBe(201);
    expect(await seller().post('/v1/contracts', { quoteId: ordered.id, title: 'x' })).toMatchObject(sold);
    expect(await seller().post('/v1/orders', { quoteId: ordered.id })).toMatchObject(sold);
    expect((await seller().post('/v1/contracts', { quoteId: contracted.id, title: 'x' })).status).toBe(201);
    expect(await seller().post('/v1/orders', { quoteId: contracted.id })).toMatchObject(sold);
    const asks = [
      ['/v1/orders', { quoteId: raced.id }],
      ['/v1/contracts', { quoteId: raced.id, title: 'x' }],
      ['/v1/orders', { quoteId: raced.id }],
      ['/v1/contracts', { quoteId: raced.id, title: 'x' }],
    ] as const;
    const answers = await Promise.all(asks.map(([path, body]) => seller().post(path, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await seller().post(`/v1/orders/${order.body.id}/cancel`, undefined, match(order.body))).status).toBe(200);
    expect(
      await seller().post('/v1/orders', { quoteId: ordered.id, lines: [{ productId, quantity: '9' }] }),
    ).toMatchObject({ status: 422, body: { code: 'lines_of_quote' } });
    expect(await seller().post('/v1/orders', { quoteId: ordered.id, opportunityId: newId() })).toMatchObject({
      status: 422,
      body: { code: 'order_contradicts_origin' },
    });
    expect(await seller().post('/v1/orders', { quoteId: ordered.id, orderedOn: '2020-01-01' })).toMatchObject({
      status: 422,
      body: { code: 'order_before_quote' },
    });
    expect((await seller().post('/v1/orders', { quoteId: ordered.id })).status).toBe(201);
  });

  it('calls off a contract what is in it, at its prices, and no more', async () => {
    const other = (
      await sales
        .as({ roles: ['director'] })
        .post('/v1/products', { code: 'RO-20', name: 'Máy RO 20', unit: 'chiếc', listPrice: vnd(10) })
    ).body;
    const quote = (
      await seller().post('/v1/quotes', {
        customerId: buyer.customerId,
        lines: [{ productId, quantity: '10' }],
        discountPercent: '10',
      })
    ).body;
    const issued = (await seller().post(`/v1/quotes/${quote.id}/issue`, undefined, match(quote))).body;
    await seller().post(`/v1/quotes/${quote.id}/accept`, undefined, match(issued));
    const draft = (
      await seller().post('/v1/contracts', { quoteId: quote.id, title: 'Hợp đồng khung', startsOn: '2026-11-01' })
    ).body;
    expect(await seller().post('/v1/orders', { contractId: draft.id })).toMatchObject({
      status: 409,
      body: { code: 'contract_not_signed' },
    });
    const contract = (await seller().post(`/v1/contracts/${draft.id}/sign`, { signedBy: 'Ông Lê Vinh' }, match(draft)))
      .body;
    const callOff = (quantity?: string, line: object = {}, body: object = {}) =>
      seller().post('/v1/orders', {
        contractId: contract.id,
        ...(quantity && { lines: [{ productId, quantity, ...line }] }),
        ...body,
      });
    const refused = (code: string, status = 422) => ({ status, body: { code } });
    expect(await callOff('11')).toMatchObject(refused('call_off_beyond_contract'));
    expect(await callOff('1', { productId: other.id })).toMatchObject(refused('not_in_contract'));
    expect(await callOff('1', { amount: vnd(900_001) })).toMatchObject(refused('amount_beyond_contract'));
    expect(await callOff('1', { amount: vnd(809_999) })).toMatchObject(refused('discount_beyond_limit', 403));
    expect(await callOff('1', { amount: { amount: '1', currency: 'USD' } })).toMatchObject(
      refused('contract_currency'),
    );
    expect(await callOff('1', {}, { orderedOn: '2026-10-31' })).toMatchObject(refused('order_outside_contract'));
    expect(await callOff('1', {}, { quoteId: newId() })).toMatchObject(refused('order_contradicts_origin'));
    const given = (await callOff('4')).body;
    expect(given).toMatchObject({ contractId: contract.id, quoteId: null, total: vnd(3_600_000) });
    const answers = await Promise.all(['4', '4', '4'].map((quantity) => callOff(quantity)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
    await seller().post(`/v1/orders/${given.id}/cancel`, undefined, match(given));
    const rest = (await callOff()).body;
    expect(rest).toMatchObject({ total: vnd(5_400_000), lines: [{ quantity: '6' }] });
    expect(await callOff()).toMatchObject(refused('contract_used_up', 409));

    const confirmedRest = (await seller().post(`/v1/orders/${rest.id}/confirm`, undefined, match(rest))).body;
    const delivered = (await seller().post(`/v1/orders/${rest.id}/deliveries`, {}, match(confirmedRest))).body;
    await seller().post(
      `/v1/orders/${rest.id}/returns`,
      { lines: [{ line: 1, quantity: '1' }], reason: 'lỗi' },
      match(delivered),
    );
    const again = (await callOff()).body;
    expect(again).toMatchObject({ total: vnd(900_000) });
    const ended = await sales
      .as({ roles: ['branch-manager'], branchId })
      .post(`/v1/contracts/${contract.id}/end`, { how: 'terminated' }, match(contract));
    expect(ended.status).toBe(200);
    expect(await seller().post(`/v1/orders/${again.id}/confirm`, undefined, match(again))).toMatchObject(
      refused('contract_not_signed', 409),
    );
  });

  it('records nothing of a day before the order, before the delivery of what comes back, or of another age', async () => {
    const made = (
      await seller().post('/v1/orders', {
        customerId: buyer.customerId,
        orderedOn: '2026-11-10',
        lines: [{ productId, quantity: '3' }],
      })
    ).body;
    const order = (await seller().post(`/v1/orders/${made.id}/confirm`, undefined, match(made))).body;
    const path = `/v1/orders/${order.id}`;
    const facts = [
      ['deliveries', seller(), 'deliveredOn', {}],
      ['invoices', accountant(), 'issuedOn', {}],
      ['payments', accountant(), 'receivedOn', { amount: vnd(1), method: 'cash' }],
      ['returns', seller(), 'returnedOn', { lines: [{ line: 1, quantity: '1' }] }],
    ] as const;
    for (const [what, who, field, body] of facts) {
      expect(await who.post(`${path}/${what}`, { ...body, [field]: '2026-11-09' }, match(order))).toMatchObject({
        status: 422,
        body: { code: 'day_before_order' },
      });
      expect(await who.post(`${path}/${what}`, { ...body, [field]: '2999-01-01' }, match(order))).toMatchObject({
        status: 422,
        body: { code: 'day_in_future' },
      });
      expect(await who.post(`${path}/${what}`, { ...body, [field]: '0202-11-29' }, match(order))).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: `/${field}` }] },
      });
    }
    for (const orderedOn of ['0202-11-29', '1989-12-31'])
      expect(
        await seller().post('/v1/orders', {
          customerId: buyer.customerId,
          orderedOn,
          lines: [{ productId, quantity: '1' }],
        }),
      ).toMatchObject({ status: 400 });
    expect(await accountant().post(`${path}/invoices`, { dueOn: '9999-12-31' }, match(order))).toMatchObject({
      status: 400,
    });
    const delivered = (
      await seller().post(
        `${path}/deliveries`,
        { lines: [{ line: 1, quantity: '2' }], deliveredOn: '2026-11-12' },
        match(order),
      )
    ).body;
    const back = (day: string, quantity: string) =>
      seller().post(`${path}/returns`, { lines: [{ line: 1, quantity }], returnedOn: day }, match(delivered));
    expect(await back('2026-11-11', '1')).toMatchObject({ status: 422, body: { code: 'return_before_delivery' } });
    expect((await back('2026-11-12', '1')).status).toBe(201);
    expect(await sales.published(GoodsReturned, (each) => each.orderId === order.id)).toMatchObject({
      branchId,
      ownerId: me,
      orderOrigin: 'entry',
      returnedOn: '2026-11-12',
    });
    expect(await sales.published(GoodsDelivered, (each) => each.orderId === order.id)).toMatchObject({
      branchId,
      ownerId: me,
      orderOrigin: 'entry',
    });
  });

  it('lets nobody who sells give a price at will and book the money for it', async () => {
    const line = (fields: object) => ({
      customerId: buyer.customerId,
      lines: [{ productId, quantity: '2', ...fields }],
    });
    const manager = sales.as({ roles: ['branch-manager'], branchId });
    const director = sales.as({ roles: ['director'] });
    const beyond = { status: 403, body: { code: 'discount_beyond_limit' } };
    for (const amount of [0, 1, 1_799_999])
      expect(await seller().post('/v1/orders', line({ amount: vnd(amount) }))).toMatchObject(beyond);
    expect((await seller().post('/v1/orders', line({ amount: vnd(1_800_000) }))).status).toBe(201);
    expect(await manager.post('/v1/orders', line({ amount: vnd(1_399_999) }))).toMatchObject(beyond);
    expect((await manager.post('/v1/orders', line({ amount: vnd(1_400_000) }))).status).toBe(201);
    expect((await director.post('/v1/orders', line({ amount: vnd(0) }))).status).toBe(201);
    const free = (await director.post('/v1/products', { code: 'QUA', name: 'Quà', unit: 'cái' })).body;
    expect(await manager.post('/v1/orders', line({ productId: free.id, amount: vnd(5) }))).toMatchObject({
      status: 403,
      body: { code: 'free_price_not_allowed' },
    });
    expect((await director.post('/v1/orders', line({ productId: free.id, amount: vnd(5) }))).status).toBe(201);
    expect(await director.post('/v1/orders', line({ productId: free.id }))).toMatchObject({
      status: 422,
      body: { code: 'price_missing' },
    });

    const order = await confirmed();
    for (const who of [seller(), manager])
      expect(
        await who.post(`/v1/orders/${order.id}/payments`, { amount: vnd(1), method: 'cash' }, match(order)),
      ).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(
      await accountant().post(`/v1/orders/${order.id}/payments`, { amount: vnd(1), method: 'cash' }, match(order)),
    ).toMatchObject({ status: 201 });
    expect(await sales.published(PaymentReceived, (each) => each.orderId === order.id)).toMatchObject({
      branchId,
      ownerId: me,
      orderOrigin: 'entry',
    });
  });

  it('takes one payment for the same key, and one for the same reference', async () => {
    const order = await confirmed();
    const key = { ...match(order), 'idempotency-key': newId() };
    const cashier = accountant();
    const answers = await Promise.all(
      [0, 1].map(() =>
        cashier.post(
          `/v1/orders/${order.id}/payments`,
          { amount: vnd(500_000), method: 'bank-transfer', reference: 'FT-77' },
          key,
        ),
      ),
    );
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const again = await cashier.post(
      `/v1/orders/${order.id}/payments`,
      { amount: vnd(500_000), method: 'bank-transfer', reference: 'FT-77' },
      key,
    );
    expect(again).toMatchObject({ status: 201, body: { paid: vnd(500_000) } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const now = (await accountant().get(`/v1/orders/${order.id}`)).body;
    expect(now).toMatchObject({ paid: vnd(500_000), payments: [{ reference: 'FT-77' }] });
    expect(
      await accountant().post(
        `/v1/orders/${order.id}/payments`,
        { amount: vnd(500_000), method: 'bank-transfer', reference: 'FT-77' },
        match(now),
      ),
    ).toMatchObject({ status: 409, body: { code: 'payment_twice' } });
    const [second, third] = [await confirmed(), await confirmed()];
    expect(
      await accountant().post(
        `/v1/orders/${second.id}/payments`,
        { amount: vnd(1), method: 'Bank-Transfer', reference: ' ft-77' },
        match(second),
      ),
    ).toMatchObject({ status: 409, body: { code: 'payment_twice' } });
    const both = await Promise.all(
      [second, third].map((each) =>
        accountant().post(
          `/v1/orders/${each.id}/payments`,
          { amount: vnd(1), method: 'bank-transfer', reference: 'FT-78' },
          match(each),
        ),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(
      await accountant().post(`/v1/orders/${order.id}/payments`, { amount: vnd(1), method: 'cash' }, match(order)),
    ).toMatchObject({ status: 412, body: { code: 'stale_version' } });
  });

  it('is held by the database, too', async () => {
    const order = await confirmed();
    await expect(sales.sql('update sales_order set paid = total + 1 where id = $1', [order.id])).rejects.toThrow(
      'paid_within_total',
    );
    await expect(
      sales.sql('update order_line set delivered = quantity + 1 where order_id = $1', [order.id]),
    ).rejects.toThrow('delivered_within_ordered');
    const delivered = (await seller().post(`/v1/orders/${order.id}/deliveries`, {}, match(order))).body;
    await expect(sales.sql('delete from delivery where order_id = $1', [delivered.id])).rejects.toThrow(
      'rows are facts',
    );
  });

  it('asks for what is missing, and belongs to its seller and branch', async () => {
    expect(await seller().post('/v1/orders', { lines: [{ productId, quantity: '1' }] })).toMatchObject({
      status: 422,
      body: { code: 'order_needs_customer' },
    });
    expect(await seller().post('/v1/orders', { customerId: buyer.customerId })).toMatchObject({
      status: 422,
      body: { code: 'order_needs_lines' },
    });
    expect(
      await seller().post('/v1/orders', { customerId: buyer.customerId, lines: [{ productId, quantity: '0' }] }),
    ).toMatchObject({ status: 400 });
    expect(
      await seller().post('/v1/orders', {
        customerId: buyer.customerId,
        lines: [{ productId: newId(), quantity: '1' }],
      }),
    ).toMatchObject({ status: 422, body: { code: 'product_unknown' } });
    const order = await confirmed();
    expect((await sales.as({ roles: ['seller'], branchId }).get(`/v1/orders/${order.id}`)).status).toBe(404);
    expect(
      (await sales.as({ roles: ['branch-manager'], branchId: newId() }).get(`/v1/orders/${order.id}`)).status,
    ).toBe(404);
    expect(
      (
        await sales
          .as({ roles: ['branch-manager'], branchId })
          .get(`/v1/orders?filter[status]=confirmed&filter[balance][gt]=0`)
      ).body.data.length,
    ).toBeGreaterThan(0);
    expect((await seller().post(`/v1/orders/${order.id}/invoices`, {}, match(order))).status).toBe(403);
    expect(await seller().post(`/v1/orders/${order.id}/cancel`, undefined, match(order))).toMatchObject({
      status: 409,
      body: { code: 'order_not_draft' },
    });
  });

  it('publishes every order and product again as it was', async () => {
    const again = [...(await sales.republished(OrderState)), ...(await sales.republished(ProductState))];
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });
});
