import type { FieldValue } from './fields.js';
import type { Operator } from './operators.js';

/** One condition on one field. */
export interface Rule {
  readonly field: string;
  readonly operator: Operator;
  readonly value?: FieldValue | readonly FieldValue[];
}

/** Rules and groups joined by `and` or `or`; an empty group holds for everything. */
export interface RuleGroup {
  readonly combinator: 'and' | 'or';
  readonly not?: boolean;
  readonly rules: readonly (Rule | RuleGroup)[];
}

/** Whether a node of a tree is a group. */
export function isGroup(node: Rule | RuleGroup): node is RuleGroup {
  return 'rules' in node;
}
