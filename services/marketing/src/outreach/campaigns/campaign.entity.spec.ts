import { Money } from '@quen/events';
import { Campaign } from './campaign.entity.js';

const at = new Date('2026-03-01T02:00:00Z');
const draft = (planned = '1000000'): Campaign =>
  Campaign.draft(
    {
      code: 'XUAN',
      name: 'Xuân',
      description: null,
      segmentId: '019a0000-0000-7000-8000-000000000001',
      branchId: '019a0000-0000-7000-8000-000000000002',
      ownerId: '019a0000-0000-7000-8000-000000000003',
      startsOn: '2026-03-01',
      endsOn: '2026-03-31',
      planned: Money.of(planned),
      messageCost: '500',
      content: { vi: { subject: 'a', body: 'b' } },
      landingUrl: null,
    },
    at,
  );
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('campaign', () => {
  it('commits the cost of its messages when it is launched', () => {
    const campaign = draft();
    expect(campaign.launch(1200, '2026-03-01', at)).toMatchObject({ campaignId: campaign.id, audience: 1200 });
    expect(campaign).toMatchObject({
      status: 'running',
      committed: '600000',
      spent: '0',
      audience: 1200,
      launchedAt: at,
    });
  });

  it.each<[string, (campaign: Campaign) => unknown]>([
    ['budget_exceeded', (campaign) => campaign.launch(2001, '2026-03-01', at)],
    ['audience_empty', (campaign) => campaign.launch(0, '2026-03-01', at)],
    ['campaign_period_over', (campaign) => campaign.launch(1, '2026-04-01', at)],
    ['campaign_status_conflict', (campaign) => campaign.pause()],
    ['campaign_status_conflict', (campaign) => campaign.end(at)],
    ['budget_exceeded', (campaign) => campaign.spend(Money.of('1000001'))],
  ])('a draft refuses with %s', (problem, act) => {
    const campaign = draft();
    expect(() => act(campaign)).toThrow(code(problem));
    expect(campaign).toMatchObject({ status: 'draft', committed: '0', spent: '0' });
  });

  it('keeps what it says once it runs, but may be renamed, prolonged and given more money', () => {
    const campaign = draft();
    campaign.launch(10, '2026-03-01', at);
    expect(() => campaign.rewrite({ content: { vi: { subject: 'x', body: 'y' } } })).toThrow(
      code('campaign_not_draft'),
    );
    campaign.adjust({ name: 'Xuân sang', endsOn: '2026-04-30', planned: Money.of('2000000'), description: undefined });
    expect(campaign).toMatchObject({ name: 'Xuân sang', endsOn: '2026-04-30', planned: '2000000', description: null });
    expect(() => campaign.adjust({ planned: Money.of('4999') })).toThrow(code('budget_exceeded'));
  });

  it('counts other costs, within the plan, and frees what was not spent at its end', () => {
    const campaign = draft();
    campaign.launch(1000, '2026-03-01', at);
    campaign.spend(Money.of('300000'));
    expect(campaign).toMatchObject({ committed: '800000', spent: '300000' });
    expect(() => campaign.spend(Money.of('200001'))).toThrow(code('budget_exceeded'));
    campaign.pause();
    campaign.end(at);
    expect(campaign).toMatchObject({ status: 'ended', committed: '300000', endedAt: at });
    expect(() => campaign.resume()).toThrow(code('campaign_status_conflict'));
    expect(() => campaign.spend(Money.of('1'))).toThrow(code('campaign_status_conflict'));
  });
});
