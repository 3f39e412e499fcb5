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
import { match, type Answer, type Json } from '@quen/testing';
import { Sales, vnd } from '../../sales.it-support.js';

const refused = (code: string, status = 422) => ({ status, body: { code } });

describe('orders', () => {
  let sales: Sales;
  beforeAll(async () => {
    sales = await Sales.start();
  });
  afterAll(() => sales.stop());

  describe('from quote to payment and return', () => {
    const campaignId = newId();
    let quoteId: string;
    let order: Json;
    const ofOrder = (fact: { orderId: string }) => fact.orderId === order.id;

    it('is ordered as the quote says, and carries the campaign along', async () => {
      const { body: opportunity } = await sales.seller.post('/v1/opportunities', {
        customerId: sales.buyer.customerId,
        name: 'Máy lọc nước',
        campaignId,
      });
      const terms = { discountPercent: '10', paymentTerms: '50/50' };
      const quoted = { opportunityId: opportunity.id, lines: sales.pieces('3'), ...terms };
      quoteId = (await sales.acceptedQuote(quoted)).id;
      order = await sales.confirmed({ quoteId });
      expect(order).toMatchObject({
        status: 'confirmed',
        campaignId,
        opportunityId: opportunity.id,
        total: vnd(2_700_000),
        paymentTerms: '50/50',
        version: 2,
      });
      expect(await sales.service.published(OrderConfirmed, ofOrder)).toMatchObject({
        campaignId,
        origin: 'entry',
        lines: [{ line: 1, quantity: '3', amount: vnd(2_700_000), cost: vnd(1_800_000) }],
      });
      expect(await sales.order({ quoteId })).toMatchObject({ status: 409 });
    });

    it('is delivered in parts, and no more than was ordered', async () => {
      const part = (await sales.deliver(order, { lines: [{ line: 1, quantity: '1' }] })).body;
      expect(part).toMatchObject({ delivered: 'part', lines: [{ delivered: '1', open: '2' }] });
      const beyond = await sales.deliver(part, { lines: [{ line: 1, quantity: '3' }] });
      expect(beyond).toMatchObject(refused('delivery_beyond_ordered'));
      order = (await sales.deliver(part)).body;
      await sales.service.published(GoodsDelivered, (each) => ofOrder(each) && each.lines[0]?.quantity === '2');
    });

    it('is invoiced and paid, and no more than is due', async () => {
      order = (await sales.invoice(order)).body;
      await sales.service.published(InvoiceIssued, (each) => ofOrder(each) && each.amount.amount === '2700000');
      order = (await sales.pay(order, { amount: vnd(1_000_000) })).body;
      expect(order).toMatchObject({ paid: vnd(1_000_000), balance: vnd(1_700_000), status: 'confirmed' });
      expect(await sales.pay(order, { amount: vnd(1), receivedOn: '2999-01-01' })).toMatchObject(
        refused('day_in_future'),
      );
      for (const [amount, code, pointer] of [
        ['5.5', 'decimals_of_currency', '/amount/amount'],
        ['0.4', 'decimals_of_currency', '/amount/amount'],
        ['-1', 'more_than_zero', '/amount'],
        [undefined, 'required', '/amount'],
      ]) {
        const body = { amount: amount && { amount, currency: 'VND' } };
        expect(await sales.pay(order, body)).toMatchObject({ status: 400, body: { errors: [{ code, pointer }] } });
      }
      expect(await sales.pay(order, { amount: vnd(1_700_001) })).toMatchObject(refused('payment_beyond_due'));
      order = (await sales.pay(order, { amount: vnd(1_700_000), method: 'bank-transfer', reference: 'FT1' })).body;
      expect(order).toMatchObject({ status: 'closed', balance: vnd(0) });
      await sales.service.published(
        PaymentReceived,
        (each) => ofOrder(each) && each.amount.amount === '1700000' && each.campaignId === campaignId,
      );
    });

    it('comes back in part, which is credited, and no more than was delivered', async () => {
      order = (await sales.takeBack(order, '1', { reason: 'lỗi' })).body;
      expect(order).toMatchObject({
        credited: vnd(900_000),
        balance: vnd(-900_000),
        deliveries: [{}, {}],
        invoices: [{}],
        payments: [{}, {}],
        returns: [{ credited: vnd(900_000), lines: [{ quantity: '1' }] }],
      });
      await sales.service.published(
        GoodsReturned,
        (each) => ofOrder(each) && each.campaignId === campaignId && each.credited.amount === '900000',
      );
      await sales.service.published(
        OrderState,
        (state) => ofOrder(state) && state.version === order.version && state.returned.amount === '900000',
      );
      expect(await sales.takeBack(order, '3')).toMatchObject(refused('return_beyond_delivered'));
    });
  });

  it('takes no order of a day to come', async () => {
    expect(await sales.order({ orderedOn: '2999-01-01', lines: sales.pieces('1') })).toMatchObject(
      refused('day_in_future'),
    );
  });

  it('sells a quote once, by an order or by a contract, also when both are asked for at once', async () => {
    const accepted = () => sales.acceptedQuote({ customerId: sales.buyer.customerId, lines: sales.pieces('1') });
    const contract = (quoteId: string) => sales.seller.post('/v1/contracts', { quoteId, title: 'x' });
    const [ordered, contracted, raced] = [await accepted(), await accepted(), await accepted()];
    const order = await sales.order({ quoteId: ordered.id });
    expect(order.status).toBe(201);
    expect(await contract(ordered.id)).toMatchObject(refused('quote_sold', 409));
    expect(await sales.order({ quoteId: ordered.id })).toMatchObject(refused('quote_sold', 409));
    expect((await contract(contracted.id)).status).toBe(201);
    expect(await sales.order({ quoteId: contracted.id })).toMatchObject(refused('quote_sold', 409));
    const answers = await Promise.all([
      sales.order({ quoteId: raced.id }),
      contract(raced.id),
      sales.order({ quoteId: raced.id }),
      contract(raced.id),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await sales.cancel(order.body)).status).toBe(200);
    for (const [fields, code] of [
      [{ lines: sales.pieces('9') }, 'lines_of_quote'],
      [{ opportunityId: newId() }, 'order_contradicts_origin'],
      [{ orderedOn: '2020-01-01' }, 'order_before_quote'],
    ] as const)
      expect(await sales.order({ quoteId: ordered.id, ...fields })).toMatchObject(refused(code));
    expect((await sales.order({ quoteId: ordered.id })).status).toBe(201);
  });

  describe('called off a contract', () => {
    let contract: Json;
    const callOff = (quantity?: string, line: object = {}, body: object = {}): Promise<Answer> =>
      sales.order({ contractId: contract.id, ...(quantity && { lines: sales.pieces(quantity, line) }), ...body });

    beforeAll(async () => {
      const quote = await sales.acceptedQuote({
        customerId: sales.buyer.customerId,
        lines: sales.pieces('10'),
        discountPercent: '10',
      });
      const terms = { quoteId: quote.id, title: 'Hợp đồng khung', startsOn: '2026-11-01' };
      contract = (await sales.seller.post('/v1/contracts', terms)).body;
    });

    it('waits for the contract to be signed', async () => {
      expect(await callOff()).toMatchObject(refused('contract_not_signed', 409));
      const signed = { signedBy: 'Ông Lê Vinh' };
      contract = (await sales.seller.post(`/v1/contracts/${contract.id}/sign`, signed, match(contract))).body;
    });

    it('is what is in the contract, at its prices and in its time', async () => {
      const ro20 = { code: 'RO-20', name: 'Máy RO 20', unit: 'chiếc', listPrice: vnd(10) };
      const other = (await sales.director.post('/v1/products', ro20)).body;
      expect(await callOff('11')).toMatchObject(refused('call_off_beyond_contract'));
      expect(await callOff('1', { productId: other.id })).toMatchObject(refused('not_in_contract'));
      expect(await callOff('1', { amount: vnd(900_001) })).toMatchObject(refused('amount_beyond_contract'));
      expect(await callOff('1', { amount: vnd(809_999) })).toMatchObject(refused('discount_beyond_limit', 403));
      const dollar = { amount: { amount: '1', currency: 'USD' } };
      expect(await callOff('1', dollar)).toMatchObject(refused('contract_currency'));
      expect(await callOff('1', {}, { orderedOn: '2026-10-31' })).toMatchObject(refused('order_outside_contract'));
      expect(await callOff('1', {}, { quoteId: newId() })).toMatchObject(refused('order_contradicts_origin'));
    });

    it('is no more than is left, and what is cancelled or comes back is left again', async () => {
      const given = (await callOff('4')).body;
      expect(given).toMatchObject({ contractId: contract.id, quoteId: null, total: vnd(3_600_000) });
      const answers = await Promise.all(['4', '4', '4'].map((quantity) => callOff(quantity)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
      await sales.cancel(given);
      const rest = (await callOff()).body;
      expect(rest).toMatchObject({ total: vnd(5_400_000), lines: [{ quantity: '6' }] });
      expect(await callOff()).toMatchObject(refused('contract_used_up', 409));

      const confirmed = (await sales.confirm(rest)).body;
      await sales.takeBack((await sales.deliver(confirmed)).body, '1', { reason: 'lỗi' });
      const again = (await callOff()).body;
      expect(again).toMatchObject({ total: vnd(900_000) });
      const ended = await sales.manager.post(
        `/v1/contracts/${contract.id}/end`,
        { how: 'terminated' },
        match(contract),
      );
      expect(ended.status).toBe(200);
      expect(await sales.confirm(again)).toMatchObject(refused('contract_not_signed', 409));
    });
  });

  it('records nothing of a day before the order, or of another age', async () => {
    const lines = sales.pieces('3');
    const order = await sales.confirmed({ orderedOn: '2026-11-10', lines });
    const path = `/v1/orders/${order.id}`;
    for (const [what, who, field, body] of [
      ['deliveries', sales.seller, 'deliveredOn', {}],
      ['invoices', sales.accountant, 'issuedOn', {}],
      ['payments', sales.accountant, 'receivedOn', { amount: vnd(1), method: 'cash' }],
      ['returns', sales.seller, 'returnedOn', { lines: [{ line: 1, quantity: '1' }] }],
    ] as const) {
      const on = (day: string) => who.post(`${path}/${what}`, { ...body, [field]: day }, match(order));
      expect(await on('2026-11-09')).toMatchObject(refused('day_before_order'));
      expect(await on('2999-01-01')).toMatchObject(refused('day_in_future'));
      expect(await on('0202-11-29')).toMatchObject({ status: 400, body: { errors: [{ pointer: `/${field}` }] } });
    }
    for (const orderedOn of ['0202-11-29', '1989-12-31'])
      expect(await sales.order({ orderedOn, lines })).toMatchObject({ status: 400 });
    expect(await sales.invoice(order, { dueOn: '9999-12-31' })).toMatchObject({ status: 400 });
  });

  it('takes nothing back before its delivery, and says whose order it was', async () => {
    const order = await sales.confirmed({ orderedOn: '2026-11-10', lines: sales.pieces('3') });
    const delivery = { lines: [{ line: 1, quantity: '2' }], deliveredOn: '2026-11-12' };
    const delivered = (await sales.deliver(order, delivery)).body;
    expect(await sales.takeBack(delivered, '1', { returnedOn: '2026-11-11' })).toMatchObject(
      refused('return_before_delivery'),
    );
    expect((await sales.takeBack(delivered, '1', { returnedOn: '2026-11-12' })).status).toBe(201);
    const whose = { branchId: sales.branchId, ownerId: sales.me, orderOrigin: 'entry' };
    expect(await sales.service.published(GoodsReturned, (each) => each.orderId === order.id)).toMatchObject({
      ...whose,
      returnedOn: '2026-11-12',
    });
    expect(await sales.service.published(GoodsDelivered, (each) => each.orderId === order.id)).toMatchObject(whose);
  });

  it('lets nobody who sells give a price at will', async () => {
    const order = (by: typeof sales.seller, fields: object) => sales.order({ lines: sales.pieces('2', fields) }, by);
    for (const amount of [0, 1, 1_799_999])
      expect(await order(sales.seller, { amount: vnd(amount) })).toMatchObject(refused('discount_beyond_limit', 403));
    expect((await order(sales.seller, { amount: vnd(1_800_000) })).status).toBe(201);
    expect(await order(sales.manager, { amount: vnd(1_399_999) })).toMatchObject(refused('discount_beyond_limit', 403));
    expect((await order(sales.manager, { amount: vnd(1_400_000) })).status).toBe(201);
    expect((await order(sales.director, { amount: vnd(0) })).status).toBe(201);
    const free = (await sales.director.post('/v1/products', { code: 'QUA', name: 'Quà', unit: 'cái' })).body;
    const gift = { productId: free.id, amount: vnd(5) };
    expect(await order(sales.manager, gift)).toMatchObject(refused('free_price_not_allowed', 403));
    expect((await order(sales.director, gift)).status).toBe(201);
    expect(await order(sales.director, { productId: free.id })).toMatchObject(refused('price_missing'));
  });

  it('lets nobody who sells book the money for it', async () => {
    const order = await sales.confirmed();
    for (const who of [sales.seller, sales.manager])
      expect(await sales.pay(order, { amount: vnd(1) }, who)).toMatchObject(refused('forbidden', 403));
    expect(await sales.pay(order, { amount: vnd(1) })).toMatchObject({ status: 201 });
    expect(await sales.service.published(PaymentReceived, (each) => each.orderId === order.id)).toMatchObject({
      branchId: sales.branchId,
      ownerId: sales.me,
      orderOrigin: 'entry',
    });
  });

  it('takes one payment for the same key, and one for the same reference', async () => {
    const order = await sales.confirmed();
    const key = { 'idempotency-key': newId() };
    const transfer = { amount: vnd(500_000), method: 'bank-transfer', reference: 'FT-77' };
    const answers = await Promise.all([1, 2].map(() => sales.pay(order, transfer, sales.accountant, key)));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const again = await sales.pay(order, transfer, sales.accountant, key);
    expect(again).toMatchObject({ status: 201, body: { paid: vnd(500_000) } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const now = (await sales.accountant.get(`/v1/orders/${order.id}`)).body;
    expect(now).toMatchObject({ paid: vnd(500_000), payments: [{ reference: 'FT-77' }] });
    expect(await sales.pay(now, transfer)).toMatchObject(refused('payment_twice', 409));
    const [second, third] = [await sales.confirmed(), await sales.confirmed()];
    const alike = { amount: vnd(1), method: 'Bank-Transfer', reference: ' ft-77' };
    expect(await sales.pay(second, alike)).toMatchObject(refused('payment_twice', 409));
    const other = { amount: vnd(1), method: 'bank-transfer', reference: 'FT-78' };
    const both = await Promise.all([second, third].map((each) => sales.pay(each, other)));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await sales.pay(order, { amount: vnd(1) })).toMatchObject(refused('stale_version', 412));
  });

  it('is held by the database, too', async () => {
    const order = await sales.confirmed();
    await expect(
      sales.service.sql('update sales_order set paid = total + 1 where id = $1', [order.id]),
    ).rejects.toThrow('paid_within_total');
    await expect(
      sales.service.sql('update order_line set delivered = quantity + 1 where order_id = $1', [order.id]),
    ).rejects.toThrow('delivered_within_ordered');
    const delivered = (await sales.deliver(order)).body;
    await expect(sales.service.sql('delete from delivery where order_id = $1', [delivered.id])).rejects.toThrow(
      'rows are facts',
    );
  });

  it('asks for what is missing', async () => {
    const post = (body: object) => sales.seller.post('/v1/orders', body);
    expect(await post({ lines: sales.pieces('1') })).toMatchObject(refused('order_needs_customer'));
    expect(await sales.order({})).toMatchObject(refused('order_needs_lines'));
    expect(await sales.order({ lines: sales.pieces('0') })).toMatchObject({ status: 400 });
    const unknown = sales.pieces('1', { productId: newId() });
    expect(await sales.order({ lines: unknown })).toMatchObject(refused('product_unknown'));
  });

  it('belongs to its seller and branch', async () => {
    const order = await sales.confirmed();
    const colleague = sales.service.as({ roles: ['seller'], branchId: sales.branchId });
    const stranger = sales.service.as({ roles: ['branch-manager'], branchId: newId() });
    for (const who of [colleague, stranger]) expect((await who.get(`/v1/orders/${order.id}`)).status).toBe(404);
    const open = await sales.manager.get('/v1/orders?filter[status]=confirmed&filter[balance][gt]=0');
    expect(open.body.data.length).toBeGreaterThan(0);
    expect((await sales.invoice(order, {}, sales.seller)).status).toBe(403);
    expect(await sales.cancel(order)).toMatchObject(refused('order_not_draft', 409));
  });

  it('publishes every order and product again as it was', async () => {
    const again = [
      ...(await sales.service.republished(OrderState)),
      ...(await sales.service.republished(ProductState)),
    ];
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });
});
