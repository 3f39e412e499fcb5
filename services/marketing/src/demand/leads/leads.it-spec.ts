import {
  build,
  LeadAccepted,
  LeadCaptured,
  LeadConverted,
  LeadDeclined,
  LeadRouted,
  LeadScored,
  Money,
  OpportunityLost,
  OpportunityWon,
  ResponseReceived,
  type CustomerState,
} from '@quen/events';
import { aLine, anOrder, aPayment, aReturn, eventually, match } from '@quen/testing';
import { linkIn, Marketing } from '../../marketing.it-support.js';

describe('leads and results', () => {
  let marketing: Marketing;
  const channels = new Map<string, string>();

  beforeAll(async () => {
    marketing = await Marketing.start();
    for (const [code, kind, conversion, cost, provinces] of [
      ['K-HN', 'branch', 0.22, 180_000, ['Hà Nội']],
      ['K-DL', 'agent', 0.12, 120_000, ['Hà Nội']],
      ['K-CT', 'agent', 0.9, 1, ['Cần Thơ']],
      ['K-WEB', 'web', 0.025, 8_000, []],
    ] as const) {
      const created = await marketing.director.post('/v1/channels', {
        code,
        name: code,
        kind,
        branchId: code === 'K-HN' ? marketing.hanoi : marketing.headOffice,
        capacityPerDay: 1000,
        costPerLead: Money.of(cost),
        expectedOrderValue: Money.of(7_500_000),
        expectedConversion: conversion,
        expectedMarginRate: 0.28,
        provinces: [...provinces],
      });
      expect(created.status).toBe(201);
      channels.set(code, created.body.id as string);
    }
  });
  afterAll(() => marketing?.stop());

  const known = async (fields: Parameters<Marketing['customer']>[0] = {}): Promise<CustomerState> => {
    const [customer] = await marketing.knownCustomers(fields);
    return customer;
  };
  const capture = (customer: CustomerState, fields: object = {}) =>
    marketing.director.post('/v1/leads', {
      customerId: customer.customerId,
      source: 'request',
      interest: 'Máy lọc nước',
      ...fields,
    });
  /** The firm's civil day, so many days before today. */
  const day = (before: number): string =>
    new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(Date.now() - before * 86_400_000);
  const lead = async (id: string) => (await marketing.director.get(`/v1/leads/${id}`)).body;

  it('captures, scores and routes at once, with reasons that add up', async () => {
    const customer = await known();
    const { status, body } = await capture(customer);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'routed',
      source: 'request',
      routes: [{ channelCode: 'K-HN', status: 'routed' }],
    });
    expect(body.scoreReasons.reduce((sum: number, reason: { weight: number }) => sum + reason.weight, 0)).toBe(
      body.score,
    );
    const [route] = body.routes;
    expect(route.reasons.reduce((sum: number, reason: { weight: number }) => sum + reason.weight, 0)).toBe(
      Number(route.expectedMargin.amount),
    );
    await marketing.service.published(
      LeadCaptured,
      (fact) => fact.leadId === body.id && fact.branchId === marketing.hanoi,
    );
    expect(await marketing.service.published(LeadScored, (fact) => fact.leadId === body.id)).toMatchObject({
      score: body.score,
    });
    expect(await marketing.service.published(LeadRouted, (fact) => fact.leadId === body.id)).toMatchObject({
      customerId: customer.customerId,
      channel: 'branch',
      channelCode: 'K-HN',
      branchId: marketing.hanoi,
      interest: 'Máy lọc nước',
      expectedMargin: route.expectedMargin,
    });
    expect((await capture(customer)).body).toMatchObject({ status: 409, code: 'lead_open', leadId: body.id });
  });

  it('goes to the next best channel when one declines, until nobody is left', async () => {
    const { body } = await capture(await known());
    for (const next of ['K-DL', 'K-WEB', undefined]) {
      await marketing.service.receive(
        build(LeadDeclined, { leadId: body.id, customerId: body.customerId, reason: 'Không đủ người' }),
      );
      await eventually(async () => {
        const now = await lead(body.id);
        expect(
          now.routes
            .filter((route: { status: string }) => route.status === 'routed')
            .map((route: { channelCode: string }) => route.channelCode),
        ).toEqual(next ? [next] : []);
        expect(now.status).toBe(next ? 'routed' : 'unrouted');
      });
    }
    expect(
      (await lead(body.id)).routes.map((route: { channelCode: string; answer: string }) => [
        route.channelCode,
        route.answer,
      ]),
    ).toEqual([
      ['K-WEB', 'Không đủ người'],
      ['K-DL', 'Không đủ người'],
      ['K-HN', 'Không đủ người'],
    ]);
  });

  it('learns from what sales did, once for each lead, whichever fact comes first and however often', async () => {
    const category = 'institutional' as const;
    const [won, lost] = [
      (await capture(await known({ category }))).body,
      (await capture(await known({ category }))).body,
    ];
    const opportunity = {
      opportunityId: crypto.randomUUID(),
      customerId: won.customerId,
      ownerId: crypto.randomUUID(),
      leadId: won.id,
    };
    const victory = build(OpportunityWon, { ...opportunity, amount: Money.of(9_000_000) });
    const id = crypto.randomUUID();
    await marketing.service.receive(victory, { id });
    await marketing.service.receive(victory, { id });
    await marketing.service.receive(
      build(LeadAccepted, { leadId: won.id, customerId: won.customerId, ownerId: opportunity.ownerId }),
    );
    await marketing.service.receive(
      build(LeadConverted, { leadId: won.id, customerId: won.customerId, opportunityId: opportunity.opportunityId }),
    );
    await marketing.service.receive(
      build(LeadAccepted, { leadId: lost.id, customerId: lost.customerId, ownerId: opportunity.ownerId }),
    );
    await marketing.service.receive(
      build(OpportunityLost, {
        ...opportunity,
        opportunityId: crypto.randomUUID(),
        leadId: lost.id,
        customerId: lost.customerId,
        reason: 'Giá cao',
      }),
    );
    await marketing.service.receive(
      build(LeadDeclined, {
        leadId: crypto.randomUUID(),
        customerId: won.customerId,
        reason: 'a lead that sales entered itself',
      }),
    );
    await eventually(async () =>
      expect([(await lead(won.id)).status, (await lead(lost.id)).status]).toEqual(['won', 'lost']),
    );
    await eventually(async () =>
      expect((await marketing.director.get(`/v1/channels/${channels.get('K-HN')}`)).body.record).toEqual({
        converted: 2,
        won: 1,
        lost: 1,
        wonAmount: Money.of(9_000_000),
      }),
    );
    const next = (await capture(await known({ category }))).body;
    expect(next.routes[0].reasons).toContainEqual(
      expect.objectContaining({ code: 'experience', text: '1 won and 1 lost with customers of this kind' }),
    );
  });

  it('takes the link in a mail and an answer by hand as one lead, and counts what came of the campaign', async () => {
    const customer = await known();
    const segment = await marketing.segmentOf(customer);
    const campaignId = await marketing.launch(segment, { landingUrl: 'https://minhkhe.example/xuan' });
    const [mail] = await marketing.catcher.to(customer.emails[0]!);
    const link = linkIn(mail, 'r');
    // A gateway that scans mails looks at the link: a visit, and nothing more, until somebody presses the button.
    expect((await fetch(new URL(link, marketing.service.url), { method: 'HEAD' })).status).toBe(200);
    const asked = await marketing.service.anonymous.get(link);
    expect(asked).toMatchObject({ status: 200, body: expect.stringContaining('<form method="post">') });
    expect(asked.body).toContain('lang="vi"');
    expect(asked.body).not.toContain('<script');
    expect((await marketing.director.get(`/v1/campaigns/${campaignId}/responses`)).body.data).toEqual([]);
    expect((await marketing.director.get(`/v1/leads?filter[customerId]=${customer.customerId}`)).body.data).toEqual([]);
    expect(await marketing.results(campaignId)).toMatchObject({
      clicks: 1,
      responses: 0,
      leads: 0,
    });
    const message = await marketing.message(campaignId, customer.customerId, 'sent');
    for (let press = 0; press < 3; press += 1) {
      const followed = await marketing.service.anonymous.post(link, '', {
        'content-type': 'application/x-www-form-urlencoded',
      });
      expect([followed.status, followed.headers.get('location')]).toEqual([303, 'https://minhkhe.example/xuan']);
    }
    await marketing.service.published(ResponseReceived, (fact) => fact.messageId === message.id && fact.via === 'link');
    const routed = await marketing.service.published(
      LeadRouted,
      (fact) => fact.customerId === customer.customerId && fact.campaignId === campaignId,
    );
    const byHand = await marketing.director.post(`/v1/campaigns/${campaignId}/responses`, {
      customerId: customer.customerId,
      note: 'Hỏi giá máy 10 lõi',
    });
    expect(byHand).toMatchObject({ status: 201, body: { via: 'manual', messageId: message.id } });
    expect(await lead(routed.leadId)).toMatchObject({ interest: 'Hỏi giá máy 10 lõi', source: 'campaign' });
    expect(
      (
        await marketing.director.post(`/v1/campaigns/${campaignId}/responses`, {
          customerId: (await known()).customerId,
        })
      ).body,
    ).toMatchObject({ code: 'no_message' });

    const lines = [aLine(10_000_000)];
    const order = anOrder(customer.customerId, 10_000_000, { orderedOn: '2026-03-05', lines, campaignId });
    const payment = aPayment(order, 4_000_000, { receivedOn: '2026-03-06', campaignId });
    const back = aReturn(order, 1_000_000, { returnedOn: '2026-03-09' });
    const later = anOrder(customer.customerId, 10_000_000, { orderedOn: day(0), lines });
    const history = anOrder(customer.customerId, 10_000_000, { orderedOn: '2026-03-05', lines, origin: 'import' });
    const ids = [order, payment, back, later, history].map((fact) => ({ fact, id: crypto.randomUUID() }));
    for (const { fact, id } of [...ids, ...ids]) await marketing.service.receive(fact, { id });
    await eventually(async () =>
      expect(await marketing.results(campaignId)).toEqual({
        campaignId,
        audience: 1,
        queued: 0,
        sent: 1,
        unconfirmed: 0,
        refused: 0,
        refusedByReason: {},
        clicks: 1,
        responses: 2,
        responsesByWay: { link: 1, manual: 1 },
        unsubscribed: 0,
        leads: 1,
        leadsByStatus: { routed: 1 },
        orders: 2,
        ordersByAttribution: { direct: 1, lastTouch: 1 },
        revenue: Money.of(20_000_000),
        paid: Money.of(4_000_000),
        returns: Money.of(1_000_000),
        cost: Money.of(350),
        profit: Money.of(20_000_000 - 1_000_000 - 12_000_000 + 600_000 - 350),
        returnOnCost: '21713.2857',
        otherCurrencies: 0,
      }),
    );
    const entries = await marketing.service.sql('select 1 from campaign_entry where campaign_id = $1', [campaignId]);
    expect(entries).toHaveLength(4);
  });

  it("finds the campaign of an order by the order's own day, however late it is heard of, and again when it is replayed", async () => {
    const customer = await known();
    const segment = await marketing.segmentOf(customer);
    const answered = async (at: string): Promise<string> => {
      const campaignId = await marketing.launch(segment);
      await marketing.message(campaignId, customer.customerId, 'sent');
      const { body } = await marketing.director.post(`/v1/campaigns/${campaignId}/responses`, {
        customerId: customer.customerId,
      });
      await marketing.service.sql('update response set created_at = $2 where id = $1', [body.id, at]);
      return campaignId;
    };
    // Half past one at night where the firm is: still the day before by UTC.
    const [first, second] = [await answered(`${day(20)}T18:30:00Z`), await answered(`${day(10)}T03:00:00Z`)];
    const order = (ago: number, at = new Date()) => ({
      ago,
      at,
      fact: anOrder(customer.customerId, 1_000, { orderedOn: day(ago) }),
    });
    // One was confirmed before the answer of its day.
    const orders = [
      order(0),
      order(9),
      order(10),
      order(10, new Date(`${day(10)}T02:00:00Z`)),
      order(11),
      order(19),
      order(20),
      order(60),
    ];
    const expected = [second, second, second, first, first, first, undefined, undefined];
    const claimed = async (): Promise<(string | undefined)[]> => {
      const rows = await marketing.service.sql<{ id: string; campaign: string }>(
        "select order_id as id, campaign_id as campaign from campaign_entry where customer_id = $1 and kind = 'order'",
        [customer.customerId],
      );
      const byId = new Map(rows.map(({ id, campaign }) => [id, campaign]));
      return orders.map(({ fact }) => byId.get(fact.orderId));
    };
    for (let hearing = 0; hearing < 2; hearing += 1) {
      await marketing.service.sql('delete from campaign_entry where customer_id = $1', [customer.customerId]);
      for (const { fact, at } of hearing ? orders.toReversed() : orders)
        await marketing.service.receive(fact, { occurredAt: at });
      await eventually(async () => expect(await claimed()).toEqual(expected));
    }
  });

  it('thanks where the campaign has no page, and takes no forged link', async () => {
    const customer = await known({ language: 'en' });
    await marketing.launch(await marketing.segmentOf(customer));
    const [mail] = await marketing.catcher.to(customer.emails[0]!);
    const link = linkIn(mail, 'r');
    expect((await marketing.service.anonymous.get(link)).body).toContain('Yes, I am interested');
    const thanks = await marketing.service.anonymous.post(link);
    expect(thanks).toMatchObject({ status: 200, body: expect.stringContaining('Thank you') });
    expect(thanks.headers.get('content-type')).toContain('text/html');
    const forged = `${link.slice(0, -2)}${link.endsWith('AA') ? 'BB' : 'AA'}`;
    for (const answer of [
      await marketing.service.anonymous.get(forged),
      await marketing.service.anonymous.post(forged),
    ])
      expect(answer.body).toMatchObject({ status: 404, code: 'link_invalid' });
    expect((await marketing.service.anonymous.get('/v1/r/nothing')).status).toBe(404);
  });

  it('keeps leads of another branch out of sight, and channels changed by version', async () => {
    const { body } = await capture(await known());
    expect((await marketing.marketerOf(marketing.danang).get(`/v1/leads/${body.id}`)).status).toBe(404);
    expect(
      (await marketing.marketerOf(marketing.danang).post('/v1/leads', { customerId: body.customerId, source: 'call' }))
        .status,
    ).toBe(409);
    expect((await marketing.marketerOf(marketing.hanoi).get(`/v1/leads/${body.id}`)).status).toBe(200);
    expect(
      (await marketing.director.get(`/v1/leads?filter[customerId]=${body.customerId}&count=exact`)).body,
    ).toMatchObject({ total: 1, hasMore: false });
    expect((await marketing.director.get('/v1/leads?filter[colour]=red')).status).toBe(400);
    const web = `/v1/channels/${channels.get('K-WEB')}`;
    expect((await marketing.director.patch(web, { capacityPerDay: null }, match({ version: 1 }))).status).toBe(400);
    expect((await marketing.director.patch(web, { capacityPerDay: 5 }, match({ version: 9 }))).status).toBe(412);
    expect((await marketing.director.patch(web, { capacityPerDay: 5 }, match({ version: 1 }))).body).toMatchObject({
      capacityPerDay: 5,
      version: 2,
    });
    expect(
      (await marketing.marketerOf(marketing.hanoi).patch(web, { capacityPerDay: 5 }, match({ version: 2 }))).status,
    ).toBe(403);
    const unknown = await marketing.director.post('/v1/leads', { customerId: crypto.randomUUID(), source: 'call' });
    expect(unknown).toMatchObject({ status: 409, body: { code: 'not_known_here_yet' } });
    expect(unknown.headers.get('retry-after')).toBe('1');
  });

  it('takes every time from the database', async () => expect(await marketing.timesOfOwnClock()).toEqual([]));
});
