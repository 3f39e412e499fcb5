import {
  OpportunityLost,
  OpportunityReopened,
  OpportunityStageChanged,
  OpportunityState,
  OpportunityWon,
} from '@quen/events';
import { newId } from '@quen/messaging';
import { aCustomer, aMemberOfStaff, eventually, match, startService, type TestService } from '@quen/testing';

describe('opportunities and pipelines', () => {
  let sales: TestService;
  const branchId = newId();
  const me = newId();
  const buyer = aCustomer({ branchId });
  const path = '/v1/opportunities';
  beforeAll(async () => {
    sales = await startService('sales');
    await sales.receive(buyer);
    await eventually(async () =>
      expect((await seller().get(`/v1/customers/${buyer.customerId}/overview`)).status).toBe(200),
    );
  });
  afterAll(() => sales.stop());

  const seller = (subject = me) => sales.as({ roles: ['seller'], branchId, subject });
  const director = () => sales.as({ roles: ['director'] });
  const open = async (body: object = {}) =>
    (await seller().post(path, { customerId: buyer.customerId, name: 'Máy lọc nước cho 12 văn phòng', ...body })).body;

  it('names what a stage demands, and lets in what has it', async () => {
    const opportunity = await open();
    expect(opportunity).toMatchObject({
      stage: 'approach',
      probability: 10,
      status: 'open',
      ownerId: me,
      branchId,
      version: 1,
    });
    const refused = await seller().post(`${path}/${opportunity.id}/move`, { stage: 'qualified' }, match(opportunity));
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'stage_not_ready', errors: [{ pointer: '/amount', code: 'required' }] },
    });
    expect(
      await seller().post(`${path}/${opportunity.id}/move`, { stage: 'negotiation' }, match(opportunity)),
    ).toMatchObject({ status: 422, body: { code: 'move_not_allowed' } });
    expect(await seller().post(`${path}/${opportunity.id}/move`, { stage: 'won' }, match(opportunity))).toMatchObject({
      status: 422,
      body: { code: 'use_win_or_lose' },
    });

    const priced = (
      await seller().patch(
        `${path}/${opportunity.id}`,
        { amount: { amount: '60000000', currency: 'VND' }, expectedCloseOn: '2026-12-20' },
        match(opportunity),
      )
    ).body;
    const qualified = (await seller().post(`${path}/${opportunity.id}/move`, { stage: 'qualified' }, match(priced)))
      .body;
    expect(qualified).toMatchObject({ stage: 'qualified', probability: 30, version: 3 });
    await sales.published(
      OpportunityStageChanged,
      (event) => event.opportunityId === opportunity.id && event.from === 'approach' && event.to === 'qualified',
    );
    const proposal = (await seller().post(`${path}/${opportunity.id}/move`, { stage: 'proposal' }, match(qualified)))
      .body;
    const guarded = await seller().post(`${path}/${opportunity.id}/move`, { stage: 'negotiation' }, match(proposal));
    expect(guarded).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'guard', message: 'Chưa có báo giá nào được phát hành cho khách hàng.' }] },
    });
    expect(await seller().post(`${path}/${opportunity.id}/win`, {}, match(qualified))).toMatchObject({
      status: 412,
      body: { code: 'stale_version' },
    });

    const won = await seller().post(`${path}/${opportunity.id}/win`, { reason: 'giá tốt' }, match(proposal));
    expect(won).toMatchObject({ status: 200, body: { status: 'won', stage: 'won', closeReason: 'giá tốt' } });
    expect(won.headers.get('etag')).toBe('"5"');
    await sales.published(
      OpportunityWon,
      (event) => event.opportunityId === opportunity.id && event.amount.amount === '60000000',
    );
    await sales.published(
      OpportunityState,
      (state) => state.opportunityId === opportunity.id && state.status === 'won' && state.version === 5,
    );
    const { stays } = (await seller().get(`${path}/${opportunity.id}`)).body;
    expect(stays.map((stay: { stage: string; leftAt: string | null }) => [stay.stage, stay.leftAt !== null])).toEqual([
      ['approach', true],
      ['qualified', true],
      ['proposal', true],
      ['won', false],
    ]);
    expect(await seller().post(`${path}/${opportunity.id}/lose`, { reason: 'x' }, match(won.body))).toMatchObject({
      status: 409,
      body: { code: 'opportunity_closed' },
    });
  });

  it('holds product lines and contacts', async () => {
    const product = (
      await director().post('/v1/products', {
        code: 'RO-10',
        name: 'Máy RO 10',
        unit: 'chiếc',
        listPrice: { amount: '6790000', currency: 'VND' },
      })
    ).body;
    const opportunity = await open();
    const filled = await seller().put(
      `${path}/${opportunity.id}/lines`,
      {
        lines: [
          { productId: product.id, quantity: '3' },
          { productId: product.id, quantity: '1', unitPrice: '6000000' },
        ],
      },
      match(opportunity),
    );
    expect(filled).toMatchObject({
      status: 200,
      body: {
        amount: { amount: '26370000' },
        lines: [{ productCode: 'RO-10', unitPrice: { amount: '6790000' } }, { unitPrice: { amount: '6000000' } }],
      },
    });
    expect(
      await seller().patch(
        `${path}/${opportunity.id}`,
        { amount: { amount: '1', currency: 'VND' } },
        match(filled.body),
      ),
    ).toMatchObject({ status: 422, body: { code: 'amount_from_lines' } });
    const contact = await seller().post(`${path}/${opportunity.id}/contacts`, {
      name: 'Lê Vinh',
      role: 'decider',
      phone: '0912 345 678',
    });
    expect(contact.status).toBe(201);
    expect((await seller().delete(`${path}/${opportunity.id}/contacts/${contact.body.id}`)).status).toBe(204);
    expect((await seller().delete(`${path}/${opportunity.id}/contacts/${contact.body.id}`)).status).toBe(404);
  });

  it('opens one opportunity for the same key, and none for an unknown customer', async () => {
    const key = { 'idempotency-key': newId() };
    const body = { customerId: buyer.customerId, name: 'Một lần' };
    const [first, second] = [await seller().post(path, body, key), await seller().post(path, body, key)];
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await seller().post(path, { ...body, name: 'Khác' }, key)).toMatchObject({ status: 422 });
    const unknown = await seller().post(path, { customerId: newId(), name: 'x' });
    expect(unknown).toMatchObject({ status: 409, body: { code: 'not_known_here_yet' } });
    expect(unknown.headers.get('retry-after')).toBe('1');
  });

  it('belongs to its seller and branch', async () => {
    const opportunity = await open();
    const colleague = seller(newId());
    expect((await colleague.get(`${path}/${opportunity.id}`)).status).toBe(404);
    expect((await colleague.get(`${path}?filter[customerId]=${buyer.customerId}`)).body.data).toEqual([]);
    expect((await sales.as({ roles: ['branch-manager'], branchId }).get(`${path}/${opportunity.id}`)).status).toBe(200);
    expect(
      (await sales.as({ roles: ['branch-manager'], branchId: newId() }).get(`${path}/${opportunity.id}`)).status,
    ).toBe(404);
    expect(
      (
        await sales
          .as({ roles: ['branch-manager'], branchId: newId() })
          .post(`${path}/${opportunity.id}/lose`, { reason: 'x' }, match(opportunity))
      ).status,
    ).toBe(404);
    expect(
      (
        await sales
          .as({ roles: ['marketer'] })
          .post(`${path}/${opportunity.id}/lose`, { reason: 'x' }, match(opportunity))
      ).status,
    ).toBe(403);
    const lost = await seller().post(`${path}/${opportunity.id}/lose`, { reason: 'hết ngân sách' }, match(opportunity));
    expect(lost.status).toBe(200);
    await sales.published(
      OpportunityLost,
      (event) => event.opportunityId === opportunity.id && event.reason === 'hết ngân sách',
    );
    expect((await seller().get(`${path}?filter[status]=lost&filter[ownerId]=${me}`)).body.data).toHaveLength(1);
  });

  it('is offered and sold on no more once it was lost, until it is opened again with a reason', async () => {
    const product = (
      await director().post('/v1/products', {
        code: 'RO-LOST',
        name: 'Máy RO',
        unit: 'chiếc',
        listPrice: { amount: '1000000', currency: 'VND' },
      })
    ).body;
    const lines = [{ productId: product.id, quantity: '1' }];
    const opportunity = await open({ amount: { amount: '1000000', currency: 'VND' } });
    const moved = (await seller().post(`${path}/${opportunity.id}/move`, { stage: 'qualified' }, match(opportunity)))
      .body;
    const [draft, issued] = await Promise.all(
      [0, 1].map(async () => (await seller().post('/v1/quotes', { opportunityId: opportunity.id, lines })).body),
    );
    const out = (await seller().post(`/v1/quotes/${issued.id}/issue`, undefined, match(issued))).body;
    const order = (await seller().post('/v1/orders', { opportunityId: opportunity.id, lines })).body;
    expect(await seller().post(`${path}/${opportunity.id}/reopen`, { reason: 'x' }, match(moved))).toMatchObject({
      status: 409,
      body: { code: 'opportunity_not_lost' },
    });
    expect(
      await seller().patch(`${path}/${opportunity.id}`, { amount: { amount: '50', currency: 'USD' } }, match(moved)),
    ).toMatchObject({ status: 422, body: { code: 'opportunity_currency' } });
    const lost = (await seller().post(`${path}/${opportunity.id}/lose`, { reason: 'giá' }, match(moved))).body;
    const refused = { status: 409, body: { code: 'opportunity_lost' } };
    expect(await seller().post('/v1/quotes', { opportunityId: opportunity.id, lines })).toMatchObject(refused);
    expect(await seller().patch(`/v1/quotes/${draft.id}`, { paymentTerms: 'x' }, match(draft))).toMatchObject(refused);
    expect(await seller().post(`/v1/quotes/${draft.id}/issue`, undefined, match(draft))).toMatchObject(refused);
    expect(await seller().post(`/v1/quotes/${issued.id}/accept`, undefined, match(out))).toMatchObject(refused);
    expect(await seller().post(`/v1/quotes/${issued.id}/revise`)).toMatchObject(refused);
    expect(await seller().post('/v1/orders', { opportunityId: opportunity.id, lines })).toMatchObject(refused);
    expect(await seller().post(`/v1/orders/${order.id}/confirm`, undefined, match(order))).toMatchObject(refused);

    expect(await seller().post(`${path}/${opportunity.id}/reopen`, {}, match(lost))).toMatchObject({ status: 400 });
    expect(await seller(newId()).post(`${path}/${opportunity.id}/reopen`, { reason: 'x' }, match(lost))).toMatchObject({
      status: 404,
    });
    const reopened = await seller().post(
      `${path}/${opportunity.id}/reopen`,
      { reason: 'Khách gọi lại, có ngân sách' },
      match(lost),
    );
    expect(reopened).toMatchObject({
      status: 200,
      body: { status: 'open', stage: 'qualified', probability: 30, closedAt: null, closeReason: null },
    });
    expect(await sales.published(OpportunityReopened, (event) => event.opportunityId === opportunity.id)).toMatchObject(
      { stage: 'qualified', ownerId: me, reason: 'Khách gọi lại, có ngân sách' },
    );
    const { stays } = (await seller().get(`${path}/${opportunity.id}`)).body;
    expect(stays.map((stay: { stage: string; reason: string | null }) => [stay.stage, stay.reason])).toEqual([
      ['approach', null],
      ['qualified', null],
      ['lost', 'giá'],
      ['qualified', 'Khách gọi lại, có ngân sách'],
    ]);
    expect((await seller().post(`/v1/orders/${order.id}/confirm`, undefined, match(order))).status).toBe(200);
    expect(await seller().post(`${path}/${opportunity.id}/lose`, { reason: 'x' }, match(reopened.body))).toMatchObject({
      status: 409,
      body: { code: 'opportunity_sold' },
    });
  });

  it('goes to members of staff who are there and within reach', async () => {
    const [colleague, gone, elsewhere] = [
      aMemberOfStaff({ branchId }),
      aMemberOfStaff({ branchId, active: false }),
      aMemberOfStaff(),
    ];
    for (const each of [colleague, gone, elsewhere]) await sales.receive(each);
    await eventually(async () => expect(await sales.sql('select id from staff')).toHaveLength(3));
    const manager = sales.as({ roles: ['branch-manager'], branchId });
    const opportunity = await open();
    for (const [ownerId, status, code] of [
      [newId(), 409, 'not_known_here_yet'],
      [gone.staffId, 422, 'staff_unknown'],
      [elsewhere.staffId, 422, 'staff_unknown'],
    ] as const) {
      expect(await manager.patch(`${path}/${opportunity.id}`, { ownerId }, match(opportunity))).toMatchObject({
        status,
        body: { code },
      });
      for (const to of ['opportunities', 'quotes', 'orders']) {
        expect(
          await manager.post(`/v1/${to}`, {
            customerId: buyer.customerId,
            ownerId,
            ...(to === 'opportunities' ? { name: 'x' } : { lines: [{ productId: newId(), quantity: '1' }] }),
          }),
        ).toMatchObject({ status, body: { code } });
      }
    }
    expect(
      await seller().post(path, { customerId: buyer.customerId, name: 'x', ownerId: elsewhere.staffId }),
    ).toMatchObject({ status: 422, body: { code: 'staff_unknown' } });
    expect(
      await manager.patch(`${path}/${opportunity.id}`, { ownerId: colleague.staffId }, match(opportunity)),
    ).toMatchObject({ status: 200, body: { ownerId: colleague.staffId } });
  });

  it("follows a pipeline of the firm's own", async () => {
    const stage = (code: string, kind: string, moves: string[], fields: object = {}) => ({
      code,
      name: code,
      kind,
      probability: 20,
      requires: [],
      guards: [],
      moves,
      ...fields,
    });
    const twoSteps = [
      stage('talk', 'open', ['won', 'lost']),
      stage('won', 'won', [], { requires: ['decider'] }),
      stage('lost', 'lost', []),
    ];
    expect(
      await director().post('/v1/pipelines', {
        code: 'bad',
        name: 'Bad',
        stages: [stage('talk', 'open', ['gone']), stage('won', 'won', []), stage('x', 'won', [])],
      }),
    ).toMatchObject({ status: 422, body: { code: 'pipeline_unsound' } });
    const pipeline = (await director().post('/v1/pipelines', { code: 'counter', name: 'Tại quầy', stages: twoSteps }))
      .body;
    const opportunity = await open({ pipelineId: pipeline.id, amount: { amount: '1000', currency: 'VND' } });
    expect(opportunity.stage).toBe('talk');
    expect(await seller().post(`${path}/${opportunity.id}/win`, {}, match(opportunity))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/decider' }] },
    });
    await seller().post(`${path}/${opportunity.id}/contacts`, { name: 'Lê Vinh', role: 'decider' });
    const renamed = [stage('chat', 'open', ['won', 'lost']), ...twoSteps.slice(1)];
    expect(await director().patch(`/v1/pipelines/${pipeline.id}`, { stages: renamed }, match(pipeline))).toMatchObject({
      status: 409,
      body: { code: 'stage_in_use' },
    });
    expect((await seller().post(`${path}/${opportunity.id}/win`, {}, match(opportunity))).status).toBe(200);
    expect(
      (await director().patch(`/v1/pipelines/${pipeline.id}`, { stages: renamed, isDefault: true }, match(pipeline)))
        .status,
    ).toBe(200);
    expect((await director().get('/v1/pipelines?filter[isDefault]=true')).body.data).toMatchObject([
      { code: 'counter' },
    ]);
    expect((await seller().post('/v1/pipelines', { code: 'x', name: 'x', stages: twoSteps })).status).toBe(403);
  });

  it('publishes every opportunity again as it was', async () => {
    const again = await sales.republished(OpportunityState);
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });
});
