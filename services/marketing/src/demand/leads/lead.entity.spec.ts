import { Lead } from './lead.entity.js';

const at = new Date('2026-03-01T00:00:00Z');
const captured = (): Lead =>
  Lead.capture(
    {
      customerId: '019a0000-0000-7000-8000-000000000001',
      source: 'campaign',
      campaignId: null,
      branchId: '019a0000-0000-7000-8000-000000000002',
      interest: null,
      category: 'consumer',
    },
    at,
  );
const route = {
  channel: { id: 'c1', code: 'K-HN', branchId: '019a0000-0000-7000-8000-000000000003' },
  expectedMargin: '400000',
  reasons: [],
} as unknown as Parameters<Lead['routeTo']>[0];
const routed = (): Lead => {
  const lead = captured();
  lead.routeTo(route, { kind: 'branch', ownerId: null, currency: 'VND' }, at);
  return lead;
};

describe('lead', () => {
  it('says when its score changed, and only then', () => {
    const lead = captured();
    const reasons = [{ code: 'category', text: 'x', weight: 8 }];
    expect(lead.rate({ score: 8, reasons }, at)).toMatchObject({ leadId: lead.id, score: 8, reasons });
    expect(lead.rate({ score: 8, reasons }, at)).toBeUndefined();
    expect(lead.rate({ score: 7, reasons }, at)).toMatchObject({ score: 7 });
  });

  it('goes to a channel and comes back', () => {
    const lead = routed();
    expect(lead).toMatchObject({ status: 'routed', channelId: 'c1' });
    expect(lead.comeBack(at)).toBe(true);
    expect(lead).toMatchObject({ status: 'unrouted', channelId: null });
    expect(lead.comeBack(at)).toBe(false);
  });

  it('counts each outcome for its channel once, in whichever order the facts come', () => {
    const inOrder = routed();
    expect(inOrder.accept('019a0000-0000-7000-8000-000000000009', at)).toBe(true);
    expect(inOrder.convert(at)).toEqual({ converted: 1, won: 0, lost: 0 });
    expect(inOrder.decide('won', at)).toEqual({ converted: 0, won: 1, lost: 0 });
    const outOfOrder = routed();
    expect(outOfOrder.decide('lost', at)).toEqual({ converted: 1, won: 0, lost: 1 });
    expect(outOfOrder.convert(at)).toEqual({ converted: 0, won: 0, lost: 0 });
    expect(outOfOrder.accept('019a0000-0000-7000-8000-000000000009', at)).toBe(false);
    expect(outOfOrder.decide('won', at)).toEqual({ converted: 0, won: 0, lost: 0 });
    expect(outOfOrder.status).toBe('lost');
  });

  it('is given to another seller while nobody decided it, and counts a loss no longer once its opportunity is open again', () => {
    const lead = routed();
    expect([lead.assign('s1', at), lead.assign('s1', at), lead.accept('s2', at), lead.assign('s3', at)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(lead).toMatchObject({ status: 'accepted', ownerId: 's3' });
    expect(lead.reopen(at)).toEqual({ converted: 0, won: 0, lost: 0 });
    lead.decide('lost', at);
    expect(lead.assign('s4', at)).toBe(false);
    expect(lead.reopen(at)).toEqual({ converted: 0, won: 0, lost: -1 });
    expect(lead.decide('won', at)).toEqual({ converted: 0, won: 1, lost: 0 });
  });
});
