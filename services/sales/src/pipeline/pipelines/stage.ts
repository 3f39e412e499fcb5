import { choice, date, decimal, integer, ruleTree, text, texts, type Moment, type RuleGroup } from '@quen/chassis';

export const stageKinds = ['open', 'won', 'lost'] as const;
export type StageKind = (typeof stageKinds)[number];

/** Parts of an opportunity that a stage may demand. */
export const requirements = ['amount', 'expectedCloseOn', 'need', 'lines', 'contacts', 'decider'] as const;
export type Requirement = (typeof requirements)[number];

/** A condition that must hold before the stage is entered, and what a person is told when it does not. */
export interface StageGuard {
  rule: RuleGroup;
  message: string;
}

/** One step of a firm's sales process. */
export interface Stage {
  code: string;
  name: string;
  kind: StageKind;
  /** Chance of winning in per cent, by which forecasts weigh. */
  probability: number;
  requires: Requirement[];
  guards: StageGuard[];
  /** Codes of the stages that may follow. */
  moves: string[];
}

/** What guards may speak of. */
export interface OpportunityFacts {
  amount: string | null;
  expectedCloseOn: string | null;
  need: string | null;
  /** Product lines. */
  lines: number;
  contacts: number;
  /** Roles in the buying centre that are known. */
  contactRoles: string[];
  issuedQuotes: number;
  acceptedQuotes: number;
  customerRank: string | null;
}

/** Fields of guards, with their types. */
export const guardFields = ruleTree({
  amount: decimal({ label: 'Amount' }),
  expectedCloseOn: date({ label: 'Expected close' }),
  need: text({ label: 'Need' }),
  lines: integer({ label: 'Product lines' }),
  contacts: integer({ label: 'Contacts' }),
  contactRoles: texts({ label: 'Roles of the contacts' }),
  issuedQuotes: integer({ label: 'Quotes issued' }),
  acceptedQuotes: integer({ label: 'Quotes accepted' }),
  customerRank: choice(['standard', 'bronze', 'silver', 'gold', 'diamond'], { label: 'Rank of the customer' }),
});

/** What keeps an opportunity out of a stage. */
export interface Obstacle {
  pointer: string;
  code: 'required' | 'guard';
  message: string;
}

/** Everything that the stage demands and the opportunity lacks now; empty when it may enter. */
export function obstaclesTo(stage: Stage, facts: OpportunityFacts, now: Moment): Obstacle[] {
  const missing = stage.requires
    .filter((requirement) => !has(facts, requirement))
    .map((requirement): Obstacle => ({
      pointer: `/${requirement}`,
      code: 'required',
      message: `${stage.code} needs ${requirement}`,
    }));
  const broken = stage.guards
    .filter((guard) => !guardFields.stored(guard.rule).matches({ ...facts }, now.at, now.zone))
    .map((guard, index): Obstacle => ({ pointer: `/guards/${index}`, code: 'guard', message: guard.message }));
  return [...missing, ...broken];
}

function has(facts: OpportunityFacts, requirement: Requirement): boolean {
  switch (requirement) {
    case 'amount':
      return facts.amount !== null;
    case 'expectedCloseOn':
      return facts.expectedCloseOn !== null;
    case 'need':
      return facts.need !== null;
    case 'lines':
      return facts.lines > 0;
    case 'contacts':
      return facts.contacts > 0;
    case 'decider':
      return facts.contactRoles.includes('decider');
  }
}
