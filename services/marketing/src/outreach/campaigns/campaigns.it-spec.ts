import { build, CampaignLaunched, CampaignState, MessageRefused, MessageSent, Money, StaffState } from '@quen/events';
import { eventually, match } from '@quen/testing';
import { linkIn, Marketing } from '../../marketing.it-support.js';

describe('campaigns', () => {
  let marketing: Marketing;

  beforeAll(async () => {
    marketing = await Marketing.start({ TEST_SEND_DOMAINS: 'MinhKhe.example,dai-ly.example' });
  });
  afterAll(() => marketing?.stop());

  it("sends one labelled mail to each member, in the customer's language, and counts what it cost", async () => {
    const [an, john] = [marketing.customer(), marketing.customer({ displayName: "John O'Neil <vip>", language: 'en' })];
    await marketing.know(an, john);
    const id = await marketing.launchFor(an, john);
    const [vi] = await marketing.catcher.to(an.emails[0]!);
    const [en] = await marketing.catcher.to(john.emails[0]!);
    expect(vi).toMatchObject({
      subject: '[QC] Quà cho Nguyễn Thị An',
      to: [{ address: an.emails[0], name: 'Nguyễn Thị An' }],
    });
    expect(en!.subject).toBe("[AD] A gift for John O'Neil <vip>");
    expect(en!.html).toContain('Dear John O&#39;Neil &lt;vip&gt;');
    const header = (name: string) => vi!.headers.find((each) => each.key === name)?.value;
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(header('list-unsubscribe')).toBe(`<${marketing.service.url}${linkIn(vi, 'u')}>`);
    const message = await marketing.message(id, an.customerId, 'sent');
    expect(vi!.messageId).toBe(`<${message.id}@quen.example>`);
    await marketing.message(id, john.customerId, 'sent');
    expect(await marketing.service.published(CampaignLaunched, (fact) => fact.campaignId === id)).toMatchObject({
      audience: 2,
    });
    expect(await marketing.service.published(MessageSent, (fact) => fact.messageId === message.id)).toMatchObject({
      customerId: an.customerId,
      cost: { amount: '350', currency: 'VND' },
    });
    await marketing.service.published(
      CampaignState,
      (state) => state.campaignId === id && state.spent.amount === '700',
    );
    expect(await marketing.campaign(id)).toMatchObject({
      status: 'running',
      audience: 2,
      spent: Money.of(700),
      committed: Money.of(700),
      version: 2,
    });
  });

  it.each([
    ['no_consent', { consents: [] }],
    [
      'no_consent',
      {
        consents: [
          { purpose: 'marketing' as const, channel: 'email' as const, given: true, at: '2026-01-01T00:00:00Z' },
          { purpose: 'marketing' as const, channel: 'email' as const, given: false, at: '2026-02-01T00:00:00Z' },
        ],
      },
    ],
    ['no_address', { emails: [] }],
  ])('refuses with %s and says so', async (reason, fields) => {
    const customer = marketing.customer(fields);
    await marketing.know(customer);
    const id = await marketing.launchFor(customer);
    const message = await marketing.message(id, customer.customerId, 'refused');
    expect(message.reason).toBe(reason);
    expect(await marketing.service.published(MessageRefused, (fact) => fact.messageId === message.id)).toMatchObject({
      campaignId: id,
      customerId: customer.customerId,
      reason,
    });
    expect(marketing.catcher.mails.filter((mail) => mail.recipient === customer.emails[0])).toEqual([]);
  });

  it('refuses templates that cannot be rendered, periods and budgets that do not fit', async () => {
    const [customer] = await marketing.knownCustomers({});
    const segment = await marketing.segmentOf(customer);
    const post = (fields: object) => marketing.director.post('/v1/campaigns', marketing.draft(segment, fields));
    const wrong = await post({ content: { vi: { subject: '{{ customer.nickname }}', body: '{% if %}' } } });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '/content/vi/subject',
      '/content/vi/body',
    ]);
    expect((await post({ content: { vi: { subject: 'a', body: 'b', footer: 'c' } } })).body.errors).toMatchObject([
      { pointer: '/content/vi/footer', code: 'unknown_field' },
    ]);
    expect((await post({ startsOn: '2026-03-02', endsOn: '2026-03-01' })).body.errors).toMatchObject([
      { pointer: '/endsOn' },
    ]);
    for (const landingUrl of ['http://minhkhe.example/', 'https://ai@minhkhe.example/', 'javascript:alert(1)'])
      expect((await post({ landingUrl })).body.errors).toMatchObject([{ pointer: '/landingUrl' }]);
    expect((await post({ messageCost: Money.of('1', 'USD') })).body.errors).toMatchObject([
      { pointer: '/messageCost/currency' },
    ]);
    const poor = await post({ planned: Money.of(100) });
    expect(
      (await marketing.director.post(`/v1/campaigns/${poor.body.id}/launch`, undefined, match({ version: 1 }))).body,
    ).toMatchObject({ status: 422, code: 'budget_exceeded' });
    expect(await marketing.service.sql('select 1 from message where campaign_id = $1', [poor.body.id])).toEqual([]);
    expect((await post({ code: poor.body.code })).body).toMatchObject({ status: 409, code: 'campaign_code_taken' });
  });

  it('refuses null with its place, where nothing is there to be cleared', async () => {
    const [customer] = await marketing.knownCustomers({});
    const segmentId = await marketing.segmentOf(customer);
    const { body: draft } = await marketing.director.post('/v1/campaigns', marketing.draft(segmentId));
    const rule = { combinator: 'and', rules: [] };
    const channel = {
      code: 'K-NULL',
      name: 'K',
      kind: 'web',
      branchId: marketing.hanoi,
      capacityPerDay: 1,
      costPerLead: Money.of(1),
      expectedOrderValue: Money.of(1),
      expectedConversion: 0.1,
      expectedMarginRate: 0.1,
    };
    for (const [path, valid, fields] of [
      ['/v1/segments', { name: 'N', kind: 'rules', rule }, ['description', 'rule', 'branchId', 'name', 'kind']],
      ['/v1/segments/preview', { rule }, ['rule', 'branchId']],
      [`/v1/segments/${segmentId}/members`, {}, ['add', 'remove']],
      [
        '/v1/suppressions',
        { customerId: customer.customerId, channel: 'email', reason: 'x' },
        ['customerId', 'address', 'channel', 'reason'],
      ],
      [
        '/v1/campaigns',
        marketing.draft(segmentId),
        ['code', 'description', 'branchId', 'startsOn', 'planned', 'messageCost', 'content', 'landingUrl'],
      ],
      [`/v1/campaigns/${draft.id}/responses`, { customerId: customer.customerId }, ['customerId', 'note']],
      [
        `/v1/campaigns/${draft.id}/expenses`,
        { description: 'x', amount: Money.of(1), spentOn: '2026-03-01' },
        ['description', 'amount', 'spentOn'],
      ],
      [`/v1/campaigns/${draft.id}/preview`, {}, ['customerId']],
      [
        '/v1/leads',
        { customerId: customer.customerId, source: 'call' },
        ['customerId', 'source', 'campaignId', 'interest'],
      ],
      [
        '/v1/channels',
        channel,
        ['name', 'branchId', 'capacityPerDay', 'costPerLead', 'expectedConversion', 'provinces'],
      ],
    ] as [string, object, string[]][]) {
      for (const field of fields) {
        const { status, body } = await marketing.director.post(path, { ...valid, [field]: null });
        expect([path, field, status, body.errors?.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
          path,
          field,
          400,
          expect.arrayContaining([`/${field}`]),
        ]);
      }
    }
    expect(
      (
        await marketing.director.post(
          '/v1/campaigns',
          marketing.draft(segmentId, { content: { vi: { subject: 'a', body: 'b' }, en: null } }),
        )
      ).body.errors,
    ).toMatchObject([{ pointer: '/content/en' }]);
  });

  it('previews with a real customer', async () => {
    const [customer] = await marketing.knownCustomers({ displayName: 'Lê Văn Cường' });
    const { body: draft } = await marketing.director.post(
      '/v1/campaigns',
      marketing.draft(await marketing.segmentOf(customer)),
    );
    const preview = await marketing.director.post(`/v1/campaigns/${draft.id}/preview`, {
      customerId: customer.customerId,
    });
    expect(preview).toMatchObject({ status: 200, body: { language: 'vi', subject: '[QC] Quà cho Lê Văn Cường' } });
  });

  it('sends tests to the staff and to domains that are set for it, twenty an hour for each person', async () => {
    const [customer] = await marketing.knownCustomers({ displayName: 'Lê Văn Cường' });
    const { body: draft } = await marketing.director.post(
      '/v1/campaigns',
      marketing.draft(await marketing.segmentOf(customer)),
    );
    const [mailbox, left] = ['Thư.Ký', 'Đã.Nghỉ'].map(
      (_, index) => `nv-${index}-${crypto.randomUUID()}@Firm.example`,
    ) as [string, string];
    const staff = [mailbox, left].map((email, index) =>
      build(StaffState, {
        staffId: crypto.randomUUID(),
        version: 1,
        displayName: 'Nhân viên',
        email,
        roles: ['marketer'],
        branchId: marketing.hanoi,
        active: index === 0,
      }),
    );
    for (const state of staff) await marketing.service.receive(state);
    await eventually(async () =>
      expect(
        await marketing.service.sql('select 1 from staff where id = any($1)', [staff.map(({ staffId }) => staffId)]),
      ).toHaveLength(2),
    );

    const [sender, other] = [1, 2].map(() =>
      marketing.service.as({ roles: ['director'], branchId: marketing.headOffice }),
    ) as [typeof marketing.director, typeof marketing.director];
    const send = (to: string, by = sender) =>
      by.post(`/v1/campaigns/${draft.id}/test-send`, { customerId: customer.customerId, to });
    for (const to of ['ai@outside.example', left, 'thu@sub.minhkhe.example', customer.emails[0]!]) {
      expect((await send(to)).body).toMatchObject({ status: 422, code: 'test_recipient_foreign' });
    }
    expect((await send('thu@minhkhe.example')).status).toBe(200);
    expect((await marketing.catcher.to('thu@minhkhe.example'))[0]!.subject).toBe('[TEST] [QC] Quà cho Lê Văn Cường');
    expect((await send(mailbox.toUpperCase())).status).toBe(200);
    expect(marketing.catcher.mails.filter(({ recipient }) => /outside|sub\./.test(recipient))).toEqual([]);

    // Two processes count in one place: of any number at once, no more go out.
    const more = await Promise.all(Array.from({ length: 22 }, () => send('thu@dai-ly.example')));
    expect(more.filter(({ status }) => status === 200)).toHaveLength(18);
    const refused = more.find(({ status }) => status === 429)!;
    expect(refused.body).toMatchObject({ code: 'test_sends_exhausted' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect((await send('thu@minhkhe.example', other)).status).toBe(200);
    await marketing.service.sql("update test_send set sent_at = sent_at - interval '49 hours'");
    expect((await send('thu@minhkhe.example')).status).toBe(200);
  });

  it('refuses a text that takes too long, whenever that shows, and serves others meanwhile', async () => {
    const [usual, costly] = [marketing.customer(), marketing.customer({ displayName: 'Vòng Lặp' })];
    await marketing.know(usual, costly);
    const segment = await marketing.segmentOf(usual, costly);
    const loop =
      '{% for a in (1..900) %}{% for b in (1..900) %}{% for c in (1..900) %}{% assign x = c | plus: b %}{% endfor %}{% endfor %}{% endfor %}';
    const post = (body: string) =>
      marketing.director.post('/v1/campaigns', marketing.draft(segment, { content: { vi: { subject: 'Quà', body } } }));
    const began = performance.now();
    expect((await post(`${loop}x`)).body).toMatchObject({ status: 422, code: 'template_too_slow', part: 'vi/body' });
    // The cubic time of a pattern over HTML: hours for what a campaign may hold.
    const links = await post(`</body>${'<a href="'.repeat(11_000)}`);
    const shown =
      links.status === 201
        ? await marketing.director.post(`/v1/campaigns/${links.body.id}/preview`, { customerId: usual.customerId })
        : links;
    expect([200, 422]).toContain(shown.status);
    expect(performance.now() - began).toBeLessThan(20_000);

    const draft = await post(`<p>Chào {{ customer.name }}</p>{% if customer.name == 'Vòng Lặp' %}${loop}{% endif %}`);
    expect(draft.status).toBe(201);
    const preview = (customerId: string) =>
      marketing.director.post(`/v1/campaigns/${draft.body.id}/preview`, { customerId });
    expect((await preview(costly.customerId)).body).toMatchObject({
      status: 422,
      code: 'template_too_slow',
      part: 'vi/body',
    });
    expect((await preview(usual.customerId)).status).toBe(200);
    const launched = await marketing.director.post(
      `/v1/campaigns/${draft.body.id}/launch`,
      undefined,
      match({ version: 1 }),
    );
    expect(launched.status).toBe(200);
    expect(await marketing.message(draft.body.id, costly.customerId, 'refused')).toMatchObject({
      reason: 'template_too_slow',
    });
    await marketing.message(draft.body.id, usual.customerId, 'sent');
    const fact = await marketing.service.published(
      MessageRefused,
      ({ campaignId, customerId }) => campaignId === draft.body.id && customerId === costly.customerId,
    );
    expect(fact).toMatchObject({ reason: 'template_too_slow' });

    const failing = await marketing.director.post(
      '/v1/campaigns',
      marketing.draft(segment, {
        content: {
          vi: { subject: 'Quà', body: "x{% if customer.name == 'Vòng Lặp' %}{{ customer.nickname }}{% endif %}" },
        },
      }),
    );
    expect(
      (await marketing.director.post(`/v1/campaigns/${failing.body.id}/preview`, { customerId: costly.customerId }))
        .body,
    ).toMatchObject({ status: 422, code: 'template_failed', part: 'vi/body' });
  });

  it("holds a campaign back whose text takes too long again and again, so that others' messages go out", async () => {
    const costly = Array.from({ length: 6 }, () => marketing.customer({ displayName: 'Vòng Lặp' }));
    await marketing.know(...costly);
    const loop =
      '{% for a in (1..900) %}{% for b in (1..900) %}{% for c in (1..900) %}{% assign x = c | plus: b %}{% endfor %}{% endfor %}{% endfor %}';
    const id = await marketing.launch(await marketing.segmentOf(...costly), {
      content: { vi: { subject: 'Quà', body: `x{% if customer.name == 'Vòng Lặp' %}${loop}{% endif %}` } },
    });
    await eventually(async () => expect(await marketing.campaign(id)).toMatchObject({ status: 'paused' }), {
      timeoutMs: 30_000,
    });
    await marketing.service.published(CampaignState, (state) => state.campaignId === id && state.status === 'paused');
  });

  it('books other costs, pauses, resumes and ends, refusing what was not sent', async () => {
    const [customer] = await marketing.knownCustomers({});
    const id = await marketing.launch(await marketing.segmentOf(customer), { startsOn: '2099-01-01' });
    const act = (action: string, version: number) =>
      marketing.director.post(`/v1/campaigns/${id}/${action}`, undefined, match({ version }));
    expect(
      (
        await marketing.director.post(`/v1/campaigns/${id}/expenses`, {
          description: 'Thuê hội trường',
          amount: Money.of(2_000_000),
          spentOn: '2026-03-01',
        })
      ).status,
    ).toBe(201);
    expect(await marketing.campaign(id)).toMatchObject({ spent: Money.of(2_000_000), committed: Money.of(2_000_350) });
    expect((await act('pause', 3)).body).toMatchObject({ status: 'paused' });
    expect((await act('pause', 4)).body).toMatchObject({ code: 'campaign_status_conflict', status: 409 });
    expect((await act('resume', 3)).body).toMatchObject({ code: 'stale_version', status: 412 });
    expect((await act('resume', 4)).body).toMatchObject({ status: 'running' });
    expect((await act('end', 5)).body).toMatchObject({ status: 'ended', committed: Money.of(2_000_000) });
    expect(await marketing.refusal(id, customer.customerId)).toBe('campaign_ended');
    await marketing.service.published(
      MessageRefused,
      (fact) => fact.campaignId === id && fact.reason === 'campaign_ended',
    );
  });

  it('is launched once under one Idempotency-Key, and hidden from another branch', async () => {
    const [customer] = await marketing.knownCustomers({});
    const segment = await marketing.segmentOf(customer);
    const { body: draft } = await marketing.director.post('/v1/campaigns', marketing.draft(segment));
    const headers = { 'if-match': '"1"', 'idempotency-key': crypto.randomUUID() };
    const answers = [await marketing.director.post(`/v1/campaigns/${draft.id}/launch`, undefined, headers)];
    const director = marketing.service.as({
      roles: ['director'],
      branchId: marketing.headOffice,
      subject: '019a0000-0000-7000-8000-00000000000a',
    });
    const again = { 'if-match': '"1"', 'idempotency-key': crypto.randomUUID() };
    const { body: other } = await director.post('/v1/campaigns', marketing.draft(segment));
    answers.push(
      await director.post(`/v1/campaigns/${other.id}/launch`, undefined, again),
      await director.post(`/v1/campaigns/${other.id}/launch`, undefined, again),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(answers[2]!.headers.get('idempotency-replayed')).toBe('true');
    expect(await marketing.service.sql('select 1 from message where campaign_id = $1', [other.id])).toHaveLength(1);
    const stranger = marketing.marketerOf(marketing.danang);
    for (const sub of ['', '/messages', '/results', '/responses', '/expenses'])
      expect((await stranger.get(`/v1/campaigns/${draft.id}${sub}`)).status).toBe(404);
    expect((await stranger.post(`/v1/campaigns/${draft.id}/end`, undefined, match({ version: 2 }))).status).toBe(404);
    expect(
      (
        await marketing.service
          .as({ roles: ['seller'], branchId: marketing.hanoi })
          .post('/v1/campaigns', marketing.draft(segment))
      ).status,
    ).toBe(403);
  });

  it('publishes every campaign again as it was', async () => {
    const again = await marketing.service.republished(CampaignState);
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });

  it('takes every time from the database', async () => expect(await marketing.timesOfOwnClock()).toEqual([]));
});
