import { codeOf } from '@quen/testing';
import { Lead } from './lead.entity.js';

const lead = (): Lead =>
  Object.assign(new Lead(), {
    id: 'l',
    customerId: 'c',
    campaignId: 'k',
    status: 'new',
    ownerId: null,
    routedAt: new Date('2026-11-01T08:00:00Z'),
    firstResponseAt: null,
  });
const at = new Date('2026-11-01T09:30:00Z');

describe('Lead', () => {
  it('is accepted, approached and converted, and carries its campaign on', () => {
    const worked = lead();
    expect(worked.accept('s', at)).toMatchObject({ leadId: 'l', ownerId: 's' });
    expect(worked.approached(at)).toBe(true);
    expect(worked.approached(new Date())).toBe(false);
    expect(worked.firstResponseMinutes()).toBe(90);
    expect(worked.convert('o', at)).toMatchObject({ opportunityId: 'o', campaignId: 'k' });
    expect(worked).toMatchObject({ status: 'converted', opportunityId: 'o', ownerId: 's' });
  });

  it('does nothing out of turn', () => {
    const worked = lead();
    expect(codeOf(() => worked.convert('o', at))).toBe('lead_not_accepted');
    worked.decline('wrong number', at);
    for (const act of [
      () => worked.accept('s', at),
      () => worked.decline('x', at),
      () => worked.approached(at),
      () => worked.convert('o', at),
    ])
      expect(codeOf(act)).toBe('lead_closed');
  });

  it('goes from one seller to another until it is closed', () => {
    const worked = lead();
    expect(worked.assign('s1', undefined)).toMatchObject({ leadId: 'l', ownerId: 's1' });
    worked.accept('s1', at);
    expect(worked.assign('s2', 'nghỉ phép')).toMatchObject({
      ownerId: 's2',
      previousOwnerId: 's1',
      reason: 'nghỉ phép',
    });
    expect(worked).toMatchObject({ status: 'accepted', ownerId: 's2' });
    worked.convert('o', at);
    expect(codeOf(() => worked.assign('s1', undefined))).toBe('lead_closed');
  });
});
