import { CustomerState, CustomerUnsubscribed } from '@quen/events';
import { eventually, match } from '@quen/testing';
import { linkIn, Marketing } from '../../marketing.it-support.js';

describe('who gets no mail', () => {
  let marketing: Marketing;
  beforeAll(async () => {
    marketing = await Marketing.start();
  });
  afterAll(() => marketing?.stop());

  it('asks for consent at the moment of sending, not of launching', async () => {
    const [customer] = await marketing.knownCustomers({});
    const id = await marketing.launch(await marketing.segmentOf(customer), { startsOn: '2099-01-01' });
    await marketing.know(
      Object.assign(marketing.customer(), customer, {
        version: 2,
        consents: [{ purpose: 'marketing', channel: 'email', given: false, at: '2026-03-01T00:00:00Z' }],
      }),
    );
    await marketing.service.sql('update message set due_at = now() where campaign_id = $1', [id]);
    expect(await marketing.refusal(id, customer.customerId)).toBe('no_consent');
    expect(marketing.catcher.mails.filter((mail) => mail.recipient === customer.emails[0])).toEqual([]);
  });

  it('sends nothing while a severe complaint is open, and something again when it is solved', async () => {
    const [customer] = await marketing.knownCustomers({});
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
    expect(await marketing.refusal(await marketing.launch(segment), customer.customerId)).toBe('open_complaint');
    await marketing.service.receive(
      Object.assign(marketing.complaint(customer.customerId), complaint, {
        version: 2,
        status: 'solved',
        solvedAt: new Date().toISOString(),
        rating: 1,
      }),
    );
    await open(0);
    expect(await marketing.refusal(await marketing.launch(segment), customer.customerId)).toBe('open_complaint');
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
    const [customer] = await marketing.knownCustomers({});
    const segment = await marketing.segmentOf(customer);
    const first = await marketing.launch(segment);
    const [mail] = await marketing.catcher.to(customer.emails[0]!);
    const link = linkIn(mail, 'u');
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
    expect(await marketing.refusal(await marketing.launch(segment), customer.customerId)).toBe('suppressed');
    expect(
      (await marketing.service.bus.published(CustomerUnsubscribed)).filter(
        (record) => record.data.customerId === customer.customerId,
      ),
    ).toHaveLength(1);
    expect(await marketing.results(first)).toMatchObject({
      sent: 1,
      unsubscribed: 1,
    });
    expect(
      (await marketing.service.anonymous.post(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`)).status,
    ).toBe(404);
    expect((await marketing.service.anonymous.get(linkIn(mail, 'r').replace('/r/', '/u/'))).body).toMatchObject({
      code: 'link_invalid',
    });
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
      expect(await marketing.refusal(id, customerId)).toBe('suppressed');
    expect((await marketing.director.delete(`/v1/suppressions/${created.body.id}`)).status).toBe(428);
    expect(
      (await marketing.director.delete(`/v1/suppressions/${created.body.id}`, undefined, match({ version: 1 }))).status,
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
    const sent = await marketing.launchFor(first);
    const link = linkIn((await marketing.catcher.to(kept))[0], 'u');
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
    for (const { customerId } of all) expect(await marketing.refusal(id, customerId)).toBe('suppressed');
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
    const third = await marketing.launchFor(again);
    expect(await marketing.refusal(third, again.customerId)).toBe('suppressed');

    const lifting = marketing.service.as({
      roles: ['director'],
      branchId: marketing.headOffice,
      subject: '019a0000-0000-7000-8000-00000000000b',
    });
    expect((await lifting.delete(`/v1/suppressions/${entry.id}`, undefined, match(erased))).status).toBe(204);
    expect((await marketing.director.get(`/v1/suppressions/${entry.id}`)).status).toBe(404);
    expect((await marketing.director.get(`/v1/suppressions?filter[customerId]=${first.customerId}`)).body.data).toEqual(
      [],
    );
    expect(
      (await marketing.director.get(`/v1/suppressions?filter[customerId]=${first.customerId}&filter[lifted]=true`)).body
        .data,
    ).toMatchObject([{ id: entry.id, liftedBy: '019a0000-0000-7000-8000-00000000000b', liftedAt: expect.any(String) }]);
    const fourth = await marketing.launchFor(again);
    await marketing.message(fourth, again.customerId, 'sent');
    expect(await marketing.results(sent)).toMatchObject({ unsubscribed: 1 });

    // The old mail's link still does what it says.
    expect((await marketing.service.anonymous.post(link)).status).toBe(200);
    expect(await marketing.refusal(await marketing.launchFor(again), again.customerId)).toBe('suppressed');
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
      expect((await marketer.delete(`/v1/suppressions/${id}`, undefined, match({ version: 1 }))).status).toBe(404);
      expect((await marketing.director.get(`/v1/suppressions/${id}`)).status).toBe(200);
    }
    expect(
      (await marketer.delete(`/v1/suppressions/${ofNorth.body.id}`, undefined, match({ version: 1 }))).status,
    ).toBe(204);
    expect(
      (await marketing.director.delete(`/v1/suppressions/${mere.body.id}`, undefined, match({ version: 1 }))).status,
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
    const id = await marketing.launchFor(gone, busy);
    expect(await marketing.refusal(id, gone.customerId)).toBe('bounced');
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

  it('takes every time from the database', async () => expect(await marketing.timesOfOwnClock()).toEqual([]));
});
