import {
  build,
  CampaignLaunched,
  CampaignState,
  CustomerState,
  CustomerUnsubscribed,
  MessageRefused,
  MessageSent,
  Money,
  StaffState,
} from '@quen/events';
import { eventually } from '@quen/testing';
import { Marketing } from '../../marketing.it-support.js';

describe('campaigns', () => {
  let marketing: Marketing;

  beforeAll(async () => {
    marketing = await Marketing.start({ TEST_SEND_DOMAINS: 'MinhKhe.example,dai-ly.example' });
  });
  afterAll(() => marketing?.stop());

  const get = async (id: string) => (await marketing.director.get(`/v1/campaigns/${id}`)).body;
  const path = (link: string): string => new URL(link).pathname;
  const linkIn = (text: string | undefined, kind: 'r' | 'u'): string =>
    new RegExp(`http://[^"\\s)]+/v1/${kind}/[\\w-]+`).exec(text ?? '')![0];

  it("sends one labelled mail to each member, in the customer's language, and counts what it cost", async () => {
    const [an, john] = [marketing.customer(), marketing.customer({ displayName: "John O'Neil <vip>", language: 'en' })];
    await marketing.know(an, john);
    const id = await marketing.launch(await marketing.segmentOf(an, john));
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
    expect(header('list-unsubscribe')).toBe(`<${linkIn(vi!.html, 'u')}>`);
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
    expect(await get(id)).toMatchObject({
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
    const id = await marketing.launch(await marketing.segmentOf(customer));
    const message = await marketing.message(id, customer.customerId, 'refused');
    expect(message.reason).toBe(reason);
    expect(await marketing.service.published(MessageRefused, (fact) => fact.messageId === message.id)).toMatchObject({
      campaignId: id,
      customerId: customer.customerId,
      reason,
    });
    expect(marketing.catcher.mails.filter((mail) => mail.recipient === customer.emails[0])).toEqual([]);
  });

  it('asks for consent at the moment of sending, not of launching', async () => {
    const customer = marketing.customer();
    await marketing.know(customer);
    const id = await marketing.launch(await marketing.segmentOf(customer), { startsOn: '2099-01-01' });
    await marketing.know(
      Object.assign(marketing.customer(), customer, {
        version: 2,
        consents: [{ purpose: 'marketing', channel: 'email', given: false, at: '2026-03-01T00:00:00Z' }],
      }),
    );
    await marketing.service.sql('update message set due_at = now() where campaign_id = $1', [id]);
    expect((await marketing.message(id, customer.customerId, 'refused')).reason).toBe('no_consent');
    expect(marketing.catcher.mails.filter((mail) => mail.recipient === customer.emails[0])).toEqual([]);
  });

  it('sends nothing while a severe complaint is open, and something again when it is solved', async () => {
    const customer = marketing.customer();
    await marketing.know(customer);
    const complaint = marketing.complaint(customer.customerId);
    await marketing.service.receive(complaint);
    const open = async (count: number): Promise<void> =>
      eventually(async () =>
        expect(
          await marketing.service.sql('select open_severe_complaints as n from customer where id = $1', [
            customer.customerId,
          ]),
        ).toEqual([{ n: count }]),
      );
    await open(1);
    const segment = await marketing.segmentOf(customer);
    expect((await marketing.message(await marketing.launch(segment), customer.customerId, 'refused')).reason).toBe(
      'open_complaint',
    );
    await marketing.service.receive(
      Object.assign(marketing.complaint(customer.customerId), complaint, {
        version: 2,
        status: 'solved',
        solvedAt: new Date().toISOString(),
        rating: 1,
      }),
    );
    await open(0);
    expect((await marketing.message(await marketing.launch(segment), customer.customerId, 'refused')).reason).toBe(
      'open_complaint',
    );
    await marketing.service.receive(
      Object.assign(marketing.complaint(customer.customerId), complaint, {
        version: 3,
        status: 'solved',
        solvedAt: new Date().toISOString(),
        rating: 5,
      }),
    );
    await eventually(async () =>
      expect(
        await marketing.service.sql('select rating from support_case where customer_id = $1', [customer.customerId]),
      ).toEqual([{ rating: 5 }]),
    );
    await marketing.message(await marketing.launch(segment), customer.customerId, 'sent');
  });

  it('unsubscribes by button and by one click, tells the owner of consents once, and sends no more', async () => {
    const customer = marketing.customer();
    await marketing.know(customer);
    const segment = await marketing.segmentOf(customer);
    const first = await marketing.launch(segment);
    const [mail] = await marketing.catcher.to(customer.emails[0]!);
    const link = path(linkIn(mail!.html, 'u'));
    const asked = await marketing.service.anonymous.get(link);
    expect(asked).toMatchObject({ status: 200, body: expect.stringContaining('<form method="post">') });
    expect(
      await marketing.service.sql('select 1 from suppression where customer_id = $1', [customer.customerId]),
    ).toEqual([]);
    for (let click = 0; click < 2; click += 1) {
      expect(
        await marketing.service.anonymous.post(link, 'List-Unsubscribe=One-Click', {
          'content-type': 'application/x-www-form-urlencoded',
        }),
      ).toMatchObject({ status: 200, body: expect.stringContaining('role="status"') });
    }
    await marketing.service.published(
      CustomerUnsubscribed,
      (fact) => fact.customerId === customer.customerId && fact.campaignId === first && fact.channel === 'email',
    );
    expect((await marketing.message(await marketing.launch(segment), customer.customerId, 'refused')).reason).toBe(
      'suppressed',
    );
    expect(
      (await marketing.service.bus.published(CustomerUnsubscribed)).filter(
        (record) => record.data.customerId === customer.customerId,
      ),
    ).toHaveLength(1);
    expect((await marketing.director.get(`/v1/campaigns/${first}/results`)).body).toMatchObject({
      sent: 1,
      unsubscribed: 1,
    });
    expect(
      (await marketing.service.anonymous.post(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`)).status,
    ).toBe(404);
    expect(
      (await marketing.service.anonymous.get(path(linkIn(mail!.html, 'r')).replace('/r/', '/u/'))).body,
    ).toMatchObject({ code: 'link_invalid' });
  });

  it('keeps a list of those who get nothing, by customer and by address', async () => {
    const [byId, byAddress] = [marketing.customer(), marketing.customer()];
    const twin = marketing.customer({ emails: byId.emails, branchId: marketing.danang });
    await marketing.know(byId, byAddress, twin);
    const entry = { channel: 'email', reason: 'Khách gọi điện yêu cầu' };
    const created = await marketing.director.post('/v1/suppressions', { ...entry, customerId: byId.customerId });
    expect(created.status).toBe(201);
    expect(
      (await marketing.director.post('/v1/suppressions', { ...entry, customerId: byId.customerId })).body,
    ).toMatchObject({ code: 'already_suppressed' });
    expect(
      (await marketing.director.post('/v1/suppressions', { ...entry, address: byAddress.emails[0]!.toUpperCase() }))
        .status,
    ).toBe(201);
    expect((await marketing.director.post('/v1/suppressions', entry)).status).toBe(400);
    const segment = await marketing.segmentOf(byId, byAddress, twin);
    const id = await marketing.launch(segment);
    for (const { customerId } of [byId, byAddress, twin])
      expect((await marketing.message(id, customerId, 'refused')).reason).toBe('suppressed');
    expect((await marketing.director.delete(`/v1/suppressions/${created.body.id}`)).status).toBe(428);
    expect(
      (await marketing.director.delete(`/v1/suppressions/${created.body.id}`, undefined, { 'if-match': '"1"' })).status,
    ).toBe(204);
    await marketing.message(await marketing.launch(segment), byId.customerId, 'sent');
  });

  it('unsubscribes the mailbox: no record that has it gets more, whichever comes later, was merged or erased, until it is lifted', async () => {
    const mailbox = `Chung.${crypto.randomUUID()}@Mail.example`;
    const kept = mailbox.toLowerCase();
    const [first, second, elsewhere] = [
      marketing.customer({ emails: [mailbox, `rieng-${kept}`] }),
      marketing.customer({ emails: [kept], branchId: marketing.danang }),
      marketing.customer({ emails: [`khac-${kept}`, kept] }),
    ];
    await marketing.know(first, second, elsewhere);
    const sent = await marketing.launch(await marketing.segmentOf(first));
    const link = path(linkIn((await marketing.catcher.to(kept))[0]!.html, 'u'));
    await marketing.message(sent, first.customerId, 'sent');
    expect((await marketing.service.anonymous.post(link)).status).toBe(200);

    // The owner of consents hears of each record that is mailed there, and of no other.
    for (const { customerId } of [first, second])
      await marketing.service.published(CustomerUnsubscribed, (fact) => fact.customerId === customerId);
    expect(
      (await marketing.service.bus.published(CustomerUnsubscribed)).filter(
        ({ data }) => data.customerId === elsewhere.customerId,
      ),
    ).toEqual([]);
    const {
      body: {
        data: [entry],
      },
    } = await marketing.director.get(`/v1/suppressions?filter[customerId]=${first.customerId}`);
    expect(entry).toMatchObject({ address: kept, origin: 'unsubscribe', createdBy: null, liftedAt: null });
    expect(entry.addresses.toSorted()).toEqual([kept, `rieng-${kept}`].toSorted());
    expect(
      (await marketing.director.get(`/v1/suppressions?filter[addresses][contains]=${encodeURIComponent(kept)}`)).body
        .data,
    ).toHaveLength(1);

    // A record of another code, one that the mailbox is given to later, one that shares an address which the customer
    // is given later, and the survivor of a merge.
    const moved = `moi-${kept}`;
    const [again, later, sharing, survivor] = [
      marketing.customer({ emails: [kept] }),
      marketing.customer(),
      marketing.customer({ emails: [moved] }),
      marketing.customer(),
    ];
    await marketing.know(again, later, sharing, survivor);
    await marketing.know(
      Object.assign(marketing.customer(), later, { version: 2, emails: [kept] }),
      Object.assign(marketing.customer(), first, { version: 2, emails: [moved], mergedInto: survivor.customerId }),
    );
    const all = [second, again, later, sharing, survivor];
    const segment = await marketing.segmentOf(...all, elsewhere);
    const id = await marketing.launch(segment);
    for (const { customerId } of all)
      expect((await marketing.message(id, customerId, 'refused')).reason).toBe('suppressed');
    await marketing.message(id, elsewhere.customerId, 'sent');

    // Of who is erased nothing can be read, and still nothing is sent to the mailbox.
    await marketing.service.receiveErased(CustomerState, first.customerId, { version: 3 });
    await eventually(async () =>
      expect((await marketing.director.get(`/v1/suppressions/${entry.id}`)).body).toMatchObject({
        address: null,
        reason: 'Erased',
      }),
    );
    const erased = (await marketing.director.get(`/v1/suppressions/${entry.id}`)).body;
    expect(erased.addresses).toHaveLength(3);
    for (const address of erased.addresses) expect(address).toMatch(/^sha256:[0-9a-f]{64}$/);
    const third = await marketing.launch(await marketing.segmentOf(again));
    expect((await marketing.message(third, again.customerId, 'refused')).reason).toBe('suppressed');

    const lifting = marketing.service.as({
      roles: ['director'],
      branchId: marketing.headOffice,
      subject: '019a0000-0000-7000-8000-00000000000b',
    });
    expect(
      (await lifting.delete(`/v1/suppressions/${entry.id}`, undefined, { 'if-match': `"${erased.version}"` })).status,
    ).toBe(204);
    expect((await marketing.director.get(`/v1/suppressions/${entry.id}`)).status).toBe(404);
    expect((await marketing.director.get(`/v1/suppressions?filter[customerId]=${first.customerId}`)).body.data).toEqual(
      [],
    );
    expect(
      (await marketing.director.get(`/v1/suppressions?filter[customerId]=${first.customerId}&filter[lifted]=true`)).body
        .data,
    ).toMatchObject([{ id: entry.id, liftedBy: '019a0000-0000-7000-8000-00000000000b', liftedAt: expect.any(String) }]);
    const fourth = await marketing.launch(await marketing.segmentOf(again));
    await marketing.message(fourth, again.customerId, 'sent');
    expect((await marketing.director.get(`/v1/campaigns/${sent}/results`)).body).toMatchObject({ unsubscribed: 1 });

    // The old mail's link still does what it says.
    expect((await marketing.service.anonymous.post(link)).status).toBe(200);
    expect(
      (await marketing.message(await marketing.launch(await marketing.segmentOf(again)), again.customerId, 'refused'))
        .reason,
    ).toBe('suppressed');
  });

  it('shows and lifts suppressions by the branch of their customer; a mere address is for those who reach all', async () => {
    const [north, south] = [marketing.customer(), marketing.customer({ branchId: marketing.danang })];
    await marketing.know(north, south);
    const entry = { channel: 'email', reason: 'Khách yêu cầu' };
    const address = `dia-chi-${crypto.randomUUID()}@mail.example`;
    const agent = marketing.service.as({ roles: ['agent'], branchId: marketing.hanoi });
    const ofNorth = await agent.post('/v1/suppressions', { ...entry, customerId: north.customerId });
    const ofSouth = await marketing.director.post('/v1/suppressions', { ...entry, customerId: south.customerId });
    const mere = await agent.post('/v1/suppressions', { ...entry, address: ` ${address.toUpperCase()}`.trim() });
    expect([ofNorth, ofSouth, mere].map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(mere.body).toMatchObject({ address, addresses: [address], createdBy: agent.actor.subject });
    expect((await agent.post('/v1/suppressions', { ...entry, customerId: south.customerId })).body).toMatchObject({
      status: 409,
      code: 'not_known_here_yet',
    });

    const marketer = marketing.marketerOf(marketing.hanoi);
    const seen = async (client: typeof marketer): Promise<string[]> =>
      (await client.get('/v1/suppressions?limit=200')).body.data.map(({ id }: { id: string }) => id);
    expect(await seen(marketer)).toContain(ofNorth.body.id);
    for (const {
      body: { id },
    } of [ofSouth, mere]) {
      expect(await seen(marketer)).not.toContain(id);
      expect(await seen(marketing.director)).toContain(id);
      expect((await marketer.get(`/v1/suppressions/${id}`)).status).toBe(404);
      expect((await marketer.delete(`/v1/suppressions/${id}`, undefined, { 'if-match': '"1"' })).status).toBe(404);
      expect((await marketing.director.get(`/v1/suppressions/${id}`)).status).toBe(200);
    }
    expect(
      (await marketer.delete(`/v1/suppressions/${ofNorth.body.id}`, undefined, { 'if-match': '"1"' })).status,
    ).toBe(204);
    expect(
      (await marketing.director.delete(`/v1/suppressions/${mere.body.id}`, undefined, { 'if-match': '"1"' })).status,
    ).toBe(204);
  });

  it('has a second barrier on every table with a branch or an owner and on their parts', async () => {
    const open = await marketing.service.sql(`
      with recursive bound as (
        select c.oid from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'branch'
          and exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname in ('branch_id', 'owner_id', 'customer_id') and not a.attisdropped)
        union
        select k.conrelid from bound join pg_constraint k on k.confrelid = bound.oid and k.contype = 'f')
      select c.relname from bound join pg_class c on c.oid = bound.oid where not (c.relrowsecurity and c.relforcerowsecurity)`);
    expect(open).toEqual([]);
  });

  it('takes an address that does not exist off, and tries again what the server puts off', async () => {
    const [gone, busy] = [marketing.customer(), marketing.customer()];
    await marketing.know(gone, busy);
    marketing.catcher.refusals.set(gone.emails[0]!, 550).set(busy.emails[0]!, 451);
    const id = await marketing.launch(await marketing.segmentOf(gone, busy));
    expect((await marketing.message(id, gone.customerId, 'refused')).reason).toBe('bounced');
    expect(await marketing.service.sql('select origin from suppression where address = $1', [gone.emails[0]])).toEqual([
      { origin: 'bounce' },
    ]);
    await eventually(async () =>
      expect(await marketing.message(id, busy.customerId, 'queued')).toMatchObject({ attempts: 1 }),
    );
    marketing.catcher.refusals.clear();
    await marketing.service.sql('update message set due_at = now() where campaign_id = $1', [id]);
    expect(await marketing.message(id, busy.customerId, 'sent')).toMatchObject({ attempts: 2 });
  });

  it('refuses templates that cannot be rendered, periods and budgets that do not fit', async () => {
    const customer = marketing.customer();
    await marketing.know(customer);
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
      (await marketing.director.post(`/v1/campaigns/${poor.body.id}/launch`, undefined, { 'if-match': '"1"' })).body,
    ).toMatchObject({ status: 422, code: 'budget_exceeded' });
    expect(await marketing.service.sql('select 1 from message where campaign_id = $1', [poor.body.id])).toEqual([]);
    expect((await post({ code: poor.body.code })).body).toMatchObject({ status: 409, code: 'campaign_code_taken' });
  });

  it('refuses null with its place, where nothing is there to be cleared', async () => {
    const customer = marketing.customer();
    await marketing.know(customer);
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
    const customer = marketing.customer({ displayName: 'Lê Văn Cường' });
    await marketing.know(customer);
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
    const customer = marketing.customer({ displayName: 'Lê Văn Cường' });
    await marketing.know(customer);
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
    const launched = await marketing.director.post(`/v1/campaigns/${draft.body.id}/launch`, undefined, {
      'if-match': '"1"',
    });
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
    await eventually(async () => expect(await get(id)).toMatchObject({ status: 'paused' }), { timeoutMs: 30_000 });
    await marketing.service.published(CampaignState, (state) => state.campaignId === id && state.status === 'paused');
  });

  it('books other costs, pauses, resumes and ends, refusing what was not sent', async () => {
    const customer = marketing.customer();
    await marketing.know(customer);
    const id = await marketing.launch(await marketing.segmentOf(customer), { startsOn: '2099-01-01' });
    const act = (action: string, version: number) =>
      marketing.director.post(`/v1/campaigns/${id}/${action}`, undefined, { 'if-match': `"${version}"` });
    expect(
      (
        await marketing.director.post(`/v1/campaigns/${id}/expenses`, {
          description: 'Thuê hội trường',
          amount: Money.of(2_000_000),
          spentOn: '2026-03-01',
        })
      ).status,
    ).toBe(201);
    expect(await get(id)).toMatchObject({ spent: Money.of(2_000_000), committed: Money.of(2_000_350) });
    expect((await act('pause', 3)).body).toMatchObject({ status: 'paused' });
    expect((await act('pause', 4)).body).toMatchObject({ code: 'campaign_status_conflict', status: 409 });
    expect((await act('resume', 3)).body).toMatchObject({ code: 'stale_version', status: 412 });
    expect((await act('resume', 4)).body).toMatchObject({ status: 'running' });
    expect((await act('end', 5)).body).toMatchObject({ status: 'ended', committed: Money.of(2_000_000) });
    expect((await marketing.message(id, customer.customerId, 'refused')).reason).toBe('campaign_ended');
    await marketing.service.published(
      MessageRefused,
      (fact) => fact.campaignId === id && fact.reason === 'campaign_ended',
    );
  });

  it('is launched once under one Idempotency-Key, and hidden from another branch', async () => {
    const customer = marketing.customer();
    await marketing.know(customer);
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
    expect((await stranger.post(`/v1/campaigns/${draft.id}/end`, undefined, { 'if-match': '"2"' })).status).toBe(404);
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
