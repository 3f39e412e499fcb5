import { Money } from '@quen/events';
import { codeOf } from '@quen/testing';
import { Opportunity } from './opportunity.entity.js';

const id = '01920000-0000-7000-8000-000000000001';
const open = (amount: Money | null = Money.of(5_000_000)) =>
  Opportunity.open(
    {
      name: 'Purifiers',
      customerId: id,
      leadId: id,
      campaignId: id,
      pipelineId: id,
      amount,
      branchId: id,
      ownerId: id,
    },
    { code: 'approach', probability: 10 },
    new Date(),
  );
const won = { code: 'won', probability: 100 };

describe('Opportunity', () => {
  it('carries lead and campaign from opening to win', () => {
    const { opportunity, opened } = open();
    expect(opened).toMatchObject({
      leadId: id,
      campaignId: id,
      stage: 'approach',
      amount: { amount: '5000000', currency: 'VND' },
    });
    expect(opportunity.move({ code: 'proposal', probability: 50 }, new Date())).toMatchObject({
      from: 'approach',
      to: 'proposal',
    });
    expect(opportunity.win(won, 'best price', new Date())).toMatchObject({
      leadId: id,
      campaignId: id,
      amount: { amount: '5000000' },
    });
    expect(opportunity).toMatchObject({ status: 'won', stage: 'won', probability: 100 });
  });

  it('changes no more once closed', () => {
    const { opportunity } = open();
    opportunity.lose({ code: 'lost', probability: 0 }, 'too dear', new Date());
    for (const act of [
      () => opportunity.win(won, undefined, new Date()),
      () => opportunity.move(won, new Date()),
      () => opportunity.change({ name: 'x' }, 0),
      () => opportunity.worth(null),
    ]) {
      expect(codeOf(act)).toBe('opportunity_closed');
    }
  });

  it('is not won without an amount, nor given one beside its lines', () => {
    expect(codeOf(() => open(null).opportunity.win(won, undefined, new Date()))).toBe('amount_missing');
    expect(codeOf(() => open().opportunity.change({ amount: Money.of(1) }, 2))).toBe('amount_from_lines');
  });
});
