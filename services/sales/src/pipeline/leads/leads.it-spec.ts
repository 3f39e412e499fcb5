import { LeadAccepted, LeadAssigned, LeadConverted, LeadDeclined, OpportunityOpened } from '@quen/events';
import { newId } from '@quen/messaging';
import {
  aCustomer,
  aMemberOfStaff,
  aRoutedLead,
  eventually,
  match,
  startService,
  type TestService,
} from '@quen/testing';

describe('leads', () => {
  let sales: TestService;
  const branchId = newId();
  beforeAll(async () => {
    sales = await startService('sales');
  });
  afterAll(() => sales.stop());

  const seller = (subject = newId()) => sales.as({ roles: ['seller'], branchId, subject });
  const arrived = async (lead: { leadId: string }) =>
    eventually(async () => {
      const found = await seller().get(`/v1/leads/${lead.leadId}`);
      expect(found.status).toBe(200);
      return found.body;
    });

  it('takes a routed lead once, however often it is delivered', async () => {
    const lead = aRoutedLead({ customerId: newId(), branchId });
    const id = newId();
    await sales.receive(lead, { id, version: 2 });
    await sales.receive(lead, { id, version: 2 });
    await sales.receive(
      aRoutedLead({ leadId: lead.leadId, customerId: lead.customerId, branchId, channelCode: 'OLD' }),
      { version: 1 },
    );
    const last = aRoutedLead({ customerId: newId(), branchId });
    await sales.receive(last);
    await arrived(last);
    expect(await arrived(lead)).toMatchObject({
      status: 'new',
      channelCode: 'K-HN',
      version: 1,
      reasons: [{ code: 'area' }],
    });
    expect(await sales.sql('select id from lead where id = $1', [lead.leadId])).toHaveLength(1);
  });

  it('is accepted, approached and converted into an opportunity that keeps campaign and lead', async () => {
    const known = aCustomer({ branchId });
    await sales.receive(known);
    const lead = aRoutedLead({ customerId: known.customerId, branchId });
    await sales.receive(lead);
    const found = await arrived(lead);
    const me = newId();
    expect(await seller(me).post(`/v1/leads/${lead.leadId}/convert`, {}, match(found))).toMatchObject({ status: 404 });
    const accepted = await seller(me).post(`/v1/leads/${lead.leadId}/accept`, undefined, match(found));
    expect(accepted).toMatchObject({ status: 200, body: { status: 'accepted', ownerId: me, version: 2 } });
    await sales.published(LeadAccepted, (event) => event.leadId === lead.leadId && event.ownerId === me);

    expect(
      await seller(me).post(`/v1/leads/${lead.leadId}/approaches`, {
        channel: 'phone',
        outcome: 'interested',
        note: 'Gọi lại thứ Hai',
      }),
    ).toMatchObject({ status: 201, body: { by: me } });
    await seller(me).post(`/v1/leads/${lead.leadId}/approaches`, { channel: 'email', outcome: 'reached' });
    const approached = (await seller(me).get(`/v1/leads/${lead.leadId}`)).body;
    expect(approached.firstResponseMinutes).toBeGreaterThanOrEqual(0);
    expect((await seller(me).get(`/v1/leads/${lead.leadId}/approaches`)).body.data).toHaveLength(2);

    expect(await seller().post(`/v1/leads/${lead.leadId}/accept`, undefined, match(approached))).toMatchObject({
      status: 409,
      body: { code: 'lead_of_another' },
    });
    const converted = await eventually(async () => {
      const answer = await seller(me).post(
        `/v1/leads/${lead.leadId}/convert`,
        { amount: { amount: '30000000', currency: 'VND' } },
        match(approached),
      );
      expect(answer.status).toBe(200);
      return answer.body;
    });
    expect(converted).toMatchObject({ status: 'converted' });
    const opened = await sales.published(OpportunityOpened, (event) => event.opportunityId === converted.opportunityId);
    expect(opened).toMatchObject({
      leadId: lead.leadId,
      campaignId: lead.campaignId,
      ownerId: me,
      branchId,
      amount: { amount: '30000000' },
    });
    await sales.published(
      LeadConverted,
      (event) => event.leadId === lead.leadId && event.campaignId === lead.campaignId,
    );
    expect(await seller(me).post(`/v1/leads/${lead.leadId}/convert`, {}, match(converted))).toMatchObject({
      status: 409,
      body: { code: 'lead_closed' },
    });
  });

  it('is declined with a reason, and taken in again by another route', async () => {
    const lead = aRoutedLead({ customerId: newId(), branchId });
    await sales.receive(lead, { version: 3 });
    const found = await arrived(lead);
    expect(await seller().post(`/v1/leads/${lead.leadId}/decline`, {}, match(found))).toMatchObject({ status: 400 });
    expect(
      await seller().post(`/v1/leads/${lead.leadId}/decline`, { reason: 'Ngoài khu vực' }, match(found)),
    ).toMatchObject({ status: 200, body: { status: 'declined' } });
    await sales.published(LeadDeclined, (event) => event.leadId === lead.leadId && event.reason === 'Ngoài khu vực');
    await sales.receive(
      aRoutedLead({ leadId: lead.leadId, customerId: lead.customerId, branchId, channelCode: 'K-HN-2' }),
      { version: 5 },
    );
    await eventually(async () =>
      expect((await seller().get(`/v1/leads/${lead.leadId}`)).body).toMatchObject({
        status: 'new',
        channelCode: 'K-HN-2',
        declineReason: null,
      }),
    );
  });

  it('does not exist for another branch', async () => {
    const lead = aRoutedLead({ customerId: newId(), branchId });
    await sales.receive(lead);
    const found = await arrived(lead);
    const stranger = sales.as({ roles: ['seller', 'branch-manager'], branchId: newId() });
    expect((await stranger.get(`/v1/leads/${lead.leadId}`)).status).toBe(404);
    expect((await stranger.get('/v1/leads')).body.data).toEqual([]);
    expect((await stranger.post(`/v1/leads/${lead.leadId}/accept`, undefined, match(found))).status).toBe(404);
  });

  it("is nobody else's, whatever further roles they have, until a manager gives it to them", async () => {
    const lead = aRoutedLead({ customerId: newId(), branchId });
    const [bao, ha, gone, elsewhere] = [
      aMemberOfStaff({ branchId }),
      aMemberOfStaff({ branchId }),
      aMemberOfStaff({ branchId, active: false }),
      aMemberOfStaff(),
    ];
    for (const message of [lead, bao, ha, gone, elsewhere]) await sales.receive(message);
    await eventually(async () =>
      expect(
        await sales.sql('select id from staff where id = any($1)', [
          [bao, ha, gone, elsewhere].map((each) => each.staffId),
        ]),
      ).toHaveLength(4),
    );
    const path = `/v1/leads/${lead.leadId}`;
    const mine = (await seller(bao.staffId).post(`${path}/accept`, undefined, match(await arrived(lead)))).body;
    for (const roles of [
      ['seller'],
      ['seller', 'marketer'],
      ['seller', 'offline_access', 'uma_authorization'],
      ['seller', 'data-reader'],
    ]) {
      const colleague = sales.as({ roles, branchId, subject: ha.staffId });
      expect(await colleague.post(`${path}/decline`, { reason: 'x' }, match(mine))).toMatchObject({
        status: 409,
        body: { code: 'lead_of_another' },
      });
      expect(await colleague.post(`${path}/accept`, undefined, match(mine))).toMatchObject({
        status: 409,
        body: { code: 'lead_of_another' },
      });
      expect(await colleague.post(`${path}/approaches`, { channel: 'phone', outcome: 'reached' })).toMatchObject({
        status: 409,
      });
      expect(await colleague.post(`${path}/assign`, { ownerId: ha.staffId }, match(mine))).toMatchObject({
        status: 403,
      });
    }
    const manager = sales.as({ roles: ['branch-manager'], branchId });
    expect(
      await sales
        .as({ roles: ['branch-manager'], branchId: newId() })
        .post(`${path}/assign`, { ownerId: ha.staffId }, match(mine)),
    ).toMatchObject({ status: 404 });
    expect(await manager.post(`${path}/assign`, { ownerId: newId() }, match(mine))).toMatchObject({
      status: 409,
      body: { code: 'not_known_here_yet' },
    });
    for (const ownerId of [gone.staffId, elsewhere.staffId])
      expect(await manager.post(`${path}/assign`, { ownerId }, match(mine))).toMatchObject({
        status: 422,
        body: { code: 'staff_unknown' },
      });
    expect(
      await sales.as({ roles: ['director'] }).post(`${path}/assign`, { ownerId: elsewhere.staffId }, match(mine)),
    ).toMatchObject({ status: 422, body: { code: 'staff_of_other_branch' } });
    const given = await manager.post(`${path}/assign`, { ownerId: ha.staffId, reason: 'Nghỉ phép' }, match(mine));
    expect(given).toMatchObject({ status: 200, body: { status: 'accepted', ownerId: ha.staffId } });
    expect(await sales.published(LeadAssigned, (event) => event.leadId === lead.leadId)).toMatchObject({
      ownerId: ha.staffId,
      previousOwnerId: bao.staffId,
      reason: 'Nghỉ phép',
    });
    expect(await seller(bao.staffId).post(`${path}/decline`, { reason: 'x' }, match(given.body))).toMatchObject({
      status: 409,
      body: { code: 'lead_of_another' },
    });
    expect(await manager.post(`${path}/decline`, { reason: 'Trùng khách' }, match(given.body))).toMatchObject({
      status: 200,
    });
  });
});
