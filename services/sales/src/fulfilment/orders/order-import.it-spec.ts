import { GoodsReturned, OrderConfirmed, OrderState, PaymentReceived } from '@quen/events';
import { aCustomer, eventually, startService, type TestService } from '@quen/testing';

const head = 'customerCode,orderCode,date,productCode,quantity,amount,cost';

describe('order import', () => {
  let sales: TestService;
  const buyer = aCustomer({ code: 'MK-000219' });
  const accountant = () => sales.as({ roles: ['accountant'], subject: '01920000-0000-7000-8000-00000000000a' });
  beforeAll(async () => {
    sales = await startService('sales', { env: { IMPORT_BATCH_ORDERS: '5' } });
    await sales.receive(buyer);
    for (const code of ['PK-L123', 'LN-RO08'])
      await sales
        .as({ roles: ['director'] })
        .post('/v1/products', { code, name: code, unit: 'chiếc', cost: { amount: '100', currency: 'VND' } });
    await eventually(async () => expect(await sales.sql('select id from customer')).toHaveLength(1));
  });
  afterAll(() => sales.stop());

  const upload = async (
    lines: string[] | Uint8Array<ArrayBuffer>,
    header = head,
    fields: Record<string, string> = {},
  ) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set(
      'file',
      new Blob([lines instanceof Uint8Array ? lines : [header, ...lines].join('\n')], { type: 'text/csv' }),
      'orders.csv',
    );
    const answer = await accountant().post('/v1/orders/imports', form);
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/jobs/${answer.body.id}`);
    return answer.body.id as string;
  };
  const finished = (id: string) =>
    eventually(
      async () => {
        const { body } = await accountant().get(`/v1/jobs/${id}`);
        expect(['succeeded', 'failed']).toContain(body.state);
        return body;
      },
      { timeoutMs: 120_000 },
    );

  it('takes orders with their returns, delivered and paid, and publishes them as history', async () => {
    const job = await finished(
      await upload([
        'MK-000219,DH-1,2024-11-20,PK-L123,2,534000,222000',
        'mk-000219,DH-1,20/11/2024,ln-ro08,1,"4.990.000 ₫",',
        'MK-000219,DH-2,2024-11-21,PK-L123,1,267000,111000',
        'MK-000219,DH-1,2024-12-01,PK-L123,-1,-267000,-111000',
      ]),
    );
    expect(job).toMatchObject({
      state: 'succeeded',
      progress: { done: 4, total: 4, failed: 0 },
      result: { orders: 2, lines: 3, returns: 1, failed: 0 },
    });
    const confirmed = await sales.published(OrderConfirmed, (event) => event.orderCode === 'DH-1');
    expect(confirmed).toMatchObject({
      customerId: buyer.customerId,
      orderedOn: '2024-11-20',
      origin: 'import',
      total: { amount: '5524000' },
      lines: [
        { quantity: '2', cost: { amount: '222000' } },
        { amount: { amount: '4990000' }, cost: { amount: '100' } },
      ],
    });
    await sales.published(
      GoodsReturned,
      (event) =>
        event.orderId === confirmed.orderId &&
        event.credited.amount === '267000' &&
        event.origin === 'import' &&
        event.lines[0]?.cost.amount === '111000',
    );
    await sales.published(
      OrderState,
      (state) =>
        state.orderId === confirmed.orderId &&
        state.version === 2 &&
        state.paid.amount === '5257000' &&
        state.returned.amount === '267000' &&
        state.delivered === 'full',
    );
    expect((await accountant().get(`/v1/orders/${confirmed.orderId}`)).body).toMatchObject({
      origin: 'import',
      status: 'closed',
      balance: { amount: '0' },
      lines: [{ returned: '1' }, { returned: '0' }],
    });

    expect(await sales.published(PaymentReceived, (event) => event.orderId === confirmed.orderId)).toMatchObject({
      amount: { amount: '5524000' },
      receivedOn: '2024-11-20',
      origin: 'import',
      branchId: buyer.branchId,
    });
    const later = await finished(
      await upload([
        'MK-000219,DH-1,2024-12-02,PK-L123,-1,-267000,-111000',
        'MK-000219,DH-1,2024-12-02,PK-L123,-1,-267000,-111000',
      ]),
    );
    expect(later).toMatchObject({ result: { orders: 0, returns: 1, failed: 1 } });
    await sales.published(
      OrderState,
      (state) => state.orderId === confirmed.orderId && state.version === 3 && state.returned.amount === '534000',
    );
    // what came in less what was paid back is what the orders say they were paid
    const cash = [
      ...(await sales.bus.published(PaymentReceived)).map(({ data }) => Number(data?.amount.amount)),
      ...(await sales.bus.published(GoodsReturned)).map(({ data }) => -Number(data?.refunded?.amount ?? 0)),
    ];
    expect(await sales.sql('select sum(paid)::float8 as paid from sales_order')).toEqual([
      { paid: cash.reduce((sum, each) => sum + each, 0) },
    ]);
    expect(await finished(await upload(['MK-000219,DH-0202,0202-11-20,PK-L123,1,267000,111000']))).toMatchObject({
      result: { orders: 0, failed: 1 },
    });
  });

  it('gives back what it cannot take, ready to mend', async () => {
    const job = await finished(
      await upload([
        'KH-NONE,F-1,2024-01-01,PK-L123,1,1,1',
        'MK-000219,F-2,2024-01-01,NOTHING,1,1,1',
        'MK-000219,F-2,2024-01-01,PK-L123,1,1,1',
        'MK-000219,F-3,2024-02-30,PK-L123,1,1,1',
        'MK-000219,F-4,2024-01-01,PK-L123,0,1,1',
        'MK-000219,F-5,2024-01-01,PK-L123,1,abc,1',
        'MK-000219,,2024-01-01,PK-L123,1,1,1',
        'MK-000219,F-6,2024-01-01,PK-L123,-1,-1,-1',
        'MK-000219,F-7,2999-01-01,PK-L123,1,1,1',
        'MK-000219,F-8,2024-01-01',
        'MK-000219,F-9,2024-01-01,PK-L123,1,1000,400',
      ]),
    );
    expect(job).toMatchObject({
      state: 'succeeded',
      progress: { done: 11, total: 11, failed: 10 },
      result: { orders: 1, failed: 10 },
    });
    const csv = (await accountant().get(`/v1/jobs/${job.id}/failed-rows.csv`)).body as string;
    const reasons = Object.fromEntries(
      csv
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => [line.split(',')[7], line.split(',').slice(8).join(',')]),
    );
    expect(reasons).toMatchObject({
      2: 'customerCode,no customer has this code,customer_unknown',
      3: 'productCode,no product has this code,product_unknown',
      4: 'orderCode,another line of this order failed,other_line_failed',
      5: expect.stringContaining('date'),
      6: expect.stringContaining('quantity'),
      7: expect.stringContaining('amount'),
      8: 'orderCode,is missing,missing',
      9: 'orderCode,there is no such order to return from,order_unknown',
      10: 'date,lies in the future,day_in_future',
      11: expect.stringContaining('productCode'),
    });
    expect(await finished(await upload(['MK-000219,F-9,2024-01-01,PK-L123,1,1000,400']))).toMatchObject({
      state: 'failed',
      problem: { code: 'every_row_failed' },
      result: { orders: 0, failed: 1 },
    });
  });

  it('refuses files that are none', async () => {
    expect(await finished(await upload(['x'], 'a,b,c'))).toMatchObject({
      state: 'failed',
      problem: { code: 'import_columns_missing' },
    });
    const torn = await finished(await upload(['"open'], head));
    expect(torn).toMatchObject({ state: 'failed', problem: { code: 'every_row_failed' }, progress: { failed: 1 } });
    expect((await accountant().get(`/v1/jobs/${torn.id}/failed-rows.csv`)).body).toContain('is never closed');
    const some = await finished(
      await upload([
        'MK-000219,T-1,2024-01-01,PK-L123,1,1000,400',
        '"MK-000219,T-2,2024-01-01,PK-L123,1,1000,400',
        'MK-000219,T-3,2024-01-01,PK-L123,1,4,990,000,400',
        '\u200bMK-000219,\ufeffT-4,2024-01-01,PK-L\u2060123,1,1000,400',
      ]),
    );
    expect(some).toMatchObject({ state: 'succeeded', result: { orders: 2, failed: 2 } });
    expect(await finished(await upload(new Uint8Array([0, 255, 3, 7])))).toMatchObject({ state: 'failed' });
    expect((await accountant().post('/v1/orders/imports', { not: 'a form' })).status).toBe(415);
    expect((await sales.as({ roles: ['seller'] }).post('/v1/orders/imports', new FormData())).status).toBe(403);
  });

  it('reads days, amounts and quantities as they are typed, and writes nothing when it is only asked', async () => {
    const file = [
      'sep=;',
      'Mã KH;Mã đơn;Ngày;Mã hàng;Số lượng;Thành tiền;Ghi chú',
      'MK-000219;V-1;15/01/2025 00:00:00;PK-L123;2,5;1.500.000,00;a',
      'MK-000219;V-2;45672;PK-L123;1.500;1.500.000;',
      'MK-000219;V-3;2025-01-15;PK-L123;1;1.500.000₫',
    ];
    const rehearsed = await finished(await upload(Buffer.from(file.join('\n')), '', { dryRun: 'true' }));
    expect(rehearsed.result).toMatchObject({
      dryRun: true,
      orders: 2,
      failed: 1,
      unread: ['Ghi chú'],
      sample: [{ line: 3, outcome: 'sold' }, { faults: [{ field: 'Số lượng', code: 'number_unclear' }] }, {}],
    });
    expect(rehearsed.result.sample[0].cells).toContainEqual({
      field: 'Ngày',
      target: 'date',
      text: '15/01/2025 00:00:00',
      value: '2025-01-15',
    });
    expect(await sales.sql(`select 1 from sales_order where code like 'V-%'`)).toEqual([]);
    expect((await finished(await upload(Buffer.from(file.join('\n')), ''))).result).toMatchObject({
      orders: 2,
      failed: 1,
    });
    expect(
      await sales.sql(
        `select code, ordered_on::text as day, total::int as total from sales_order where code like 'V-%' order by code`,
      ),
    ).toEqual([
      { code: 'V-1', day: '2025-01-15', total: 1_500_000 },
      { code: 'V-3', day: '2025-01-15', total: 1_500_000 },
    ]);
  });

  it('goes on after a kill and takes every order once', async () => {
    const count = 600;
    const id = await upload(
      Array.from({ length: count }, (_, index) => `MK-000219,K-${index},2024-03-01,PK-L123,1,1000,400`),
    );
    await eventually(
      async () => {
        const [{ n }] = (await sales.sql<{ n: number }>(
          `select count(*)::int as n from sales_order where code like 'K-%'`,
        )) as [{ n: number }];
        expect(n).toBeGreaterThan(0);
      },
      { everyMs: 5, timeoutMs: 60_000 },
    );
    await sales.kill();
    const [{ n: before }] = (await sales.sql<{ n: number }>(
      `select count(*)::int as n from sales_order where code like 'K-%'`,
    )) as [{ n: number }];
    expect(before).toBeLessThan(count);
    await sales.sql(`update job set lease_until = now() where id = $1`, [id]);
    await sales.restart();
    expect(await finished(id)).toMatchObject({ state: 'succeeded', result: { orders: count, failed: 0 } });
    const [sums] = await sales.sql(
      `select count(*)::int as orders, count(distinct code)::int as codes, sum(total)::int as total from sales_order where code like 'K-%'`,
    );
    expect(sums).toEqual({ orders: count, codes: count, total: count * 1000 });
    await eventually(
      async () => {
        const events = (await sales.bus.published(OrderConfirmed)).filter(({ data }) =>
          data?.orderCode.startsWith('K-'),
        );
        expect(new Set(events.map(({ data }) => data?.orderCode)).size).toBe(count);
        expect(new Set(events.map(({ headers }) => headers['ce_id'])).size).toBe(count);
      },
      { timeoutMs: 60_000 },
    );
  }, 240_000);
});
