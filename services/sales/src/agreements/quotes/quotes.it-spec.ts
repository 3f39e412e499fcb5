import { ContractEnded, ContractSigned, ContractState, QuoteAccepted, QuoteIssued, QuoteRefused } from '@quen/events';
import { newId } from '@quen/messaging';
import { aCustomer, eventually, match, startService, type TestService } from '@quen/testing';

describe('quotes and contracts', () => {
  let sales: TestService;
  let productId: string;
  const branchId = newId();
  const me = newId();
  const campaignId = newId();
  const buyer = aCustomer({ branchId });
  const seller = () => sales.as({ roles: ['seller'], branchId, subject: me });
  beforeAll(async () => {
    sales = await startService('sales');
    await sales.receive(buyer);
    productId = (
      await sales.as({ roles: ['director'] }).post('/v1/products', {
        code: 'RO-10',
        name: 'Máy RO 10',
        unit: 'chiếc',
        listPrice: { amount: '6790000', currency: 'VND' },
      })
    ).body.id;
    await eventually(async () =>
      expect((await seller().get(`/v1/customers/${buyer.customerId}/overview`)).status).toBe(200),
    );
  });
  afterAll(() => sales.stop());

  const manager = () => sales.as({ roles: ['branch-manager'], branchId });
  const draft = async () => {
    const opportunity = (
      await seller().post('/v1/opportunities', { customerId: buyer.customerId, name: 'Máy lọc nước', campaignId })
    ).body;
    // more than a seller may give off
    const answer = await manager().post('/v1/quotes', {
      opportunityId: opportunity.id,
      lines: [{ productId, quantity: '3', discountPercent: '5' }],
      discountPercent: '10',
      paymentTerms: '50/50',
    });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const act = (quote: { id: string; version: number }, action: string, body: object = {}) =>
    seller().post(`/v1/quotes/${quote.id}/${action}`, body, match(quote));

  it('is priced with its reasons, issued, and never overwritten', async () => {
    const quote = await draft();
    expect(quote).toMatchObject({
      revision: 1,
      status: 'draft',
      campaignId,
      total: { amount: '17416350', currency: 'VND' },
      lines: [
        {
          unitPrice: { amount: '6790000' },
          amount: { amount: '19351500' },
          netAmount: { amount: '17416350' },
          explanation: { source: 'list-price' },
        },
      ],
    });
    const changed = (
      await seller().patch(`/v1/quotes/${quote.id}`, { discountPercent: '0', validUntil: '2099-12-31' }, match(quote))
    ).body;
    expect(changed).toMatchObject({ total: { amount: '19351500' }, lines: [{ discountPercent: '5' }] });
    const issued = (await act(changed, 'issue')).body;
    expect(issued).toMatchObject({ status: 'issued' });
    await sales.published(QuoteIssued, (event) => event.quoteId === quote.id && event.total.amount === '19351500');
    expect(await seller().patch(`/v1/quotes/${quote.id}`, { discountPercent: '50' }, match(issued))).toMatchObject({
      status: 409,
      body: { code: 'quote_not_draft' },
    });
    await expect(sales.sql(`update quote set total = 1 where id = $1`, [quote.id])).rejects.toThrow(
      'is issued and cannot change',
    );
    await expect(sales.sql(`delete from quote_line where quote_id = $1`, [quote.id])).rejects.toThrow(
      'is issued and cannot change',
    );

    expect(
      await seller().post('/v1/quotes', {
        customerId: buyer.customerId,
        lines: [{ productId, quantity: '1' }],
        validUntil: '2025-01-31',
      }),
    ).toMatchObject({ status: 422, body: { code: 'valid_until_past' } });
    const revised = (await seller().post(`/v1/quotes/${quote.id}/revise`)).body;
    expect(revised).toMatchObject({ code: quote.code, revision: 2, previousId: quote.id, status: 'draft' });
    const second = (await act(revised, 'issue')).body;
    expect((await seller().get(`/v1/quotes/${quote.id}`)).body).toMatchObject({
      status: 'superseded',
      total: { amount: '19351500' },
    });
    expect((await act(second, 'accept')).body.status).toBe('accepted');
    await sales.published(QuoteAccepted, (event) => event.quoteId === revised.id);
    expect(await act(second, 'accept')).toMatchObject({ status: 412 });
    expect(await act((await seller().post(`/v1/quotes/${quote.id}/revise`)).body, 'issue')).toMatchObject({
      status: 409,
      body: { code: 'quote_accepted_before' },
    });
    expect((await seller().get(`/v1/quotes?filter[code]=${quote.code}&sort=createdAt`)).body.data).toMatchObject([
      { revision: 1 },
      { revision: 2 },
      { revision: 3 },
    ]);
  });

  it('gives off no more than its author may, on lines and whole together, and one who may give more can issue it', async () => {
    const beyond = { status: 403, body: { code: 'discount_beyond_limit' } };
    const offer = (body: object) =>
      seller().post('/v1/quotes', { customerId: buyer.customerId, lines: [{ productId, quantity: '2' }], ...body });
    expect(await offer({ discountPercent: '10.01' })).toMatchObject({
      ...beyond,
      body: {
        ...beyond.body,
        detail: expect.stringContaining('10.01 % below the book price; you may give at most 10 %') as string,
      },
    });
    expect(await offer({ discountPercent: '100' })).toMatchObject(beyond);
    expect(
      await offer({
        lines: [
          { productId, quantity: '2' },
          { productId, quantity: '1', discountPercent: '100' },
        ],
      }),
    ).toMatchObject(beyond);
    expect(
      await offer({ lines: [{ productId, quantity: '2', discountPercent: '6' }], discountPercent: '6' }),
    ).toMatchObject(beyond);
    const mine = (await offer({ discountPercent: '10' })).body;
    expect(mine.status).toBe('draft');
    expect(await seller().patch(`/v1/quotes/${mine.id}`, { discountPercent: '11' }, match(mine))).toMatchObject(beyond);
    expect(await manager().patch(`/v1/quotes/${mine.id}`, { discountPercent: '31' }, match(mine))).toMatchObject(
      beyond,
    );
    const cleared = (await manager().patch(`/v1/quotes/${mine.id}`, { discountPercent: '30' }, match(mine))).body;
    const worded = (await seller().patch(`/v1/quotes/${mine.id}`, { paymentTerms: '50/50' }, match(cleared))).body;
    expect(worded).toMatchObject({ discountPercent: '30', paymentTerms: '50/50' });
    expect(
      await seller().patch(`/v1/quotes/${mine.id}`, { lines: [{ productId, quantity: '9' }] }, match(worded)),
    ).toMatchObject(beyond);
    expect(await act(worded, 'issue')).toMatchObject({ status: 200, body: { total: { amount: '9506000' } } });
    expect(
      (
        await sales.as({ roles: ['director'] }).post('/v1/quotes', {
          customerId: buyer.customerId,
          lines: [{ productId, quantity: '1' }],
          discountPercent: '100',
        })
      ).status,
    ).toBe(201);

    // as it was before there were limits: nobody cleared it
    const old = (await offer({})).body;
    await sales.sql('update quote set discount_percent = 20 where id = $1', [old.id]);
    expect(await act(old, 'issue')).toMatchObject(beyond);
    expect(await manager().post(`/v1/quotes/${old.id}/issue`, undefined, match(old))).toMatchObject({ status: 200 });
  });

  it("is refused with the customer's reason", async () => {
    const issued = (await act(await draft(), 'issue')).body;
    expect(await act(issued, 'refuse', { reason: 'Giá cao hơn đối thủ' })).toMatchObject({
      status: 200,
      body: { status: 'refused' },
    });
    expect(await sales.published(QuoteRefused, (event) => event.quoteId === issued.id)).toMatchObject({
      reason: 'Giá cao hơn đối thủ',
    });
  });

  it('is not seen by another seller', async () => {
    const quote = await draft();
    expect((await sales.as({ roles: ['seller'], branchId }).get(`/v1/quotes/${quote.id}`)).status).toBe(404);
    expect(
      (
        await sales
          .as({ roles: ['branch-manager'], branchId: newId() })
          .post(`/v1/quotes/${quote.id}/issue`, undefined, match(quote))
      ).status,
    ).toBe(404);
  });

  it('becomes a contract with a history, which ends by itself after its last day', async () => {
    const quote = await draft();
    expect(await seller().post('/v1/contracts', { quoteId: quote.id, title: 'Hợp đồng' })).toMatchObject({
      status: 409,
      body: { code: 'quote_not_accepted' },
    });
    const accepted = (await act((await act(quote, 'issue')).body, 'accept')).body;
    const contract = (
      await seller().post('/v1/contracts', {
        quoteId: accepted.id,
        title: 'Hợp đồng mua bán',
        endsOn: '2026-01-31',
        startsOn: '2026-01-01',
      })
    ).body;
    expect(contract).toMatchObject({ status: 'draft', campaignId, total: accepted.total, version: 1 });
    expect(contract.code).toMatch(/^HD\d\d-\d{6}$/);
    expect(
      await seller().post(
        `/v1/contracts/${contract.id}/sign`,
        { signedBy: 'x', signedOn: '2999-01-01' },
        match(contract),
      ),
    ).toMatchObject({ status: 422, body: { code: 'day_in_future' } });
    const signed = (
      await seller().post(
        `/v1/contracts/${contract.id}/sign`,
        { signedBy: 'Ông Lê Vinh', signedOn: '2026-01-01' },
        match(contract),
      )
    ).body;
    expect(signed).toMatchObject({
      status: 'signed',
      startsOn: '2026-01-01',
      history: [{ what: 'signed' }, { what: 'drafted' }],
    });
    await sales.published(ContractSigned, (event) => event.contractId === contract.id && event.endsOn === '2026-01-31');
    expect(await seller().post('/v1/contracts', { quoteId: accepted.id, title: 'Lần nữa' })).toMatchObject({
      status: 409,
      body: { code: 'quote_sold' },
    });
    for (const [endedOn, how, code] of [
      ['2025-12-31', 'terminated', 'contract_dates'],
      ['2999-01-01', 'terminated', 'day_in_future'],
      ['2026-01-30', 'expired', 'contract_not_expired'],
    ]) {
      expect(await manager().post(`/v1/contracts/${contract.id}/end`, { how, endedOn }, match(signed))).toMatchObject({
        status: 422,
        body: { code },
      });
    }
    expect(await seller().patch(`/v1/contracts/${contract.id}`, { title: 'x' }, match(signed))).toMatchObject({
      status: 409,
      body: { code: 'contract_not_draft' },
    });

    await sales.sql(`update schedule set next_run_at = now() where name = 'contract-expiry'`);
    await sales.published(ContractEnded, (event) => event.contractId === contract.id && event.how === 'expired', {
      timeoutMs: 40_000,
    });
    await sales.published(ContractState, (state) => state.contractId === contract.id && state.status === 'ended');
  });

  it('publishes every contract again as it was', async () => {
    const again = await sales.republished(ContractState);
    expect(again.length).toBeGreaterThan(0);
    for (const { before, after } of again) expect(after).toEqual(before);
  });
});
