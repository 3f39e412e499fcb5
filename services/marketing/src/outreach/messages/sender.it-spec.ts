import { MessageRefused, MessageSent } from '@quen/events';
import { eventually } from '@quen/testing';
import { Marketing } from '../../marketing.it-support.js';

describe('sender', () => {
  let marketing: Marketing;

  beforeAll(async () => {
    marketing = await Marketing.start({ EMAIL_DAILY_CAP: '1', SEND_BATCH: '20' });
  });
  afterAll(() => marketing?.stop());

  const sentFacts = async (campaignId: string) =>
    (await marketing.service.bus.published(MessageSent)).filter((record) => record.data.campaignId === campaignId);

  it('sends a person one advertising mail a day, whichever campaigns want more at the same time, and under whichever record the address is', async () => {
    const [customer, twin] = [marketing.customer(), marketing.customer()];
    twin.emails = customer.emails;
    await marketing.know(customer, twin);
    const segment = await marketing.segmentOf(customer, twin);
    const campaigns = [
      await marketing.launch(segment, { startsOn: '2099-01-01' }),
      await marketing.launch(segment, { startsOn: '2099-01-01' }),
    ];
    await marketing.service.sql('update message set due_at = now() where campaign_id = any($1)', [campaigns]);
    await eventually(
      async () => {
        const rows = await marketing.service.sql(
          'select status, reason from message where campaign_id = any($1) order by status',
          [campaigns],
        );
        expect(rows).toEqual([
          { status: 'refused', reason: 'daily_cap' },
          { status: 'refused', reason: 'daily_cap' },
          { status: 'refused', reason: 'daily_cap' },
          { status: 'sent', reason: null },
        ]);
      },
      { timeoutMs: 30_000 },
    );
    expect(await marketing.catcher.to(customer.emails[0]!)).toHaveLength(1);
  });

  it('killed while it sends, sends each message once more at most and under the same Message-ID, and counts each person once', async () => {
    const customers = Array.from({ length: 40 }, () => marketing.customer());
    await marketing.know(...customers);
    const segment = await marketing.segmentOf(...customers);
    const before = marketing.catcher.mails.length;
    marketing.catcher.silent = true;
    const campaignId = await marketing.launch(segment);
    await eventually(() => expect(marketing.catcher.mails.length).toBeGreaterThanOrEqual(before + 3));
    await marketing.service.kill();
    marketing.catcher.silent = false;
    const interrupted = new Set(marketing.catcher.mails.slice(before).map((mail) => mail.messageId));
    await marketing.service.restart();
    await eventually(
      async () =>
        expect(
          await marketing.service.sql(
            "select count(*)::int as n from message where campaign_id = $1 and status = 'sent'",
            [campaignId],
          ),
        ).toEqual([{ n: 40 }]),
      { timeoutMs: 90_000, everyMs: 250 },
    );

    const mails = marketing.catcher.mails.slice(before);
    const byId = new Map<string, number>();
    for (const mail of mails) byId.set(mail.messageId!, (byId.get(mail.messageId!) ?? 0) + 1);
    expect(byId.size).toBe(40);
    for (const [id, count] of byId) expect(count).toBeLessThanOrEqual(interrupted.has(id) ? 2 : 1);
    await eventually(async () => expect(await sentFacts(campaignId)).toHaveLength(40));
    expect((await marketing.director.get(`/v1/campaigns/${campaignId}`)).body.spent).toEqual({
      amount: String(40 * 350),
      currency: 'VND',
    });
  }, 180_000);

  it('does not try a third time what may have arrived twice', async () => {
    const customer = marketing.customer();
    await marketing.know(customer);
    const campaignId = await marketing.launch(await marketing.segmentOf(customer), { startsOn: '2099-01-01' });
    await marketing.service.sql(
      "update message set status = 'sending', attempts = 2, interruptions = 1, claimed_by = gen_random_uuid(), claimed_until = now() - interval '1 second' where campaign_id = $1",
      [campaignId],
    );
    expect(await marketing.message(campaignId, customer.customerId, 'unconfirmed')).toMatchObject({
      reason: 'interrupted',
    });
    expect(marketing.catcher.mails.filter((mail) => mail.recipient === customer.emails[0])).toEqual([]);
    expect((await marketing.director.get(`/v1/campaigns/${campaignId}/results`)).body).toMatchObject({
      unconfirmed: 1,
      sent: 0,
    });
  });

  it('asks the gate again before it tries again', async () => {
    const customer = marketing.customer();
    await marketing.know(customer);
    const campaignId = await marketing.launch(await marketing.segmentOf(customer), { startsOn: '2099-01-01' });
    await marketing.know(Object.assign(marketing.customer(), customer, { version: 2, consents: [] }));
    await marketing.service.sql(
      "update message set status = 'sending', attempts = 1, claimed_by = gen_random_uuid(), claimed_until = now() - interval '1 second' where campaign_id = $1",
      [campaignId],
    );
    await marketing.service.published(
      MessageRefused,
      (fact) => fact.campaignId === campaignId && fact.reason === 'no_consent',
      { timeoutMs: 30_000 },
    );
  });
});
