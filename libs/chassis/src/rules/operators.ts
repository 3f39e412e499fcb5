import type { Field, FieldType } from './fields.js';

/** Operators of a rule; the names are those of react-querybuilder. */
export const operators = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  'doesNotContain',
  'beginsWith',
  'doesNotBeginWith',
  'endsWith',
  'doesNotEndWith',
  'in',
  'notIn',
  'between',
  'notBetween',
  'null',
  'notNull',
  'withinLastDays',
  'notWithinLastDays',
  'withinNextDays',
] as const;
export type Operator = (typeof operators)[number];

const equality: Operator[] = ['=', '!=', 'in', 'notIn', 'null', 'notNull'];
const order: Operator[] = ['<', '<=', '>', '>=', 'between', 'notBetween'];
const words: Operator[] = [
  'contains',
  'doesNotContain',
  'beginsWith',
  'doesNotBeginWith',
  'endsWith',
  'doesNotEndWith',
];
const days: Operator[] = ['withinLastDays', 'notWithinLastDays', 'withinNextDays'];

const byType: Record<FieldType, Operator[]> = {
  text: [...equality, ...words],
  choice: equality,
  texts: ['contains', 'doesNotContain', 'in', 'notIn', 'null', 'notNull'],
  instant: [...equality, ...order, ...days],
  date: [...equality, ...order, ...days],
  decimal: [...equality, ...order],
  integer: [...equality, ...order],
  uuid: equality,
  boolean: ['=', '!=', 'null', 'notNull'],
};

/** Operators that a field takes. */
export function operatorsOf(field: Field): readonly Operator[] {
  return byType[field.type];
}

/** How many values an operator takes. */
export function arity(operator: Operator): 'none' | 'one' | 'two' | 'many' | 'days' {
  switch (operator) {
    case 'null':
    case 'notNull':
      return 'none';
    case 'between':
    case 'notBetween':
      return 'two';
    case 'in':
    case 'notIn':
      return 'many';
    case 'withinLastDays':
    case 'notWithinLastDays':
    case 'withinNextDays':
      return 'days';
    default:
      return 'one';
  }
}

/** The positive operator that a negative one is the exact opposite of. */
export function positive(operator: Operator): { operator: Operator; negated: boolean } {
  switch (operator) {
    case '!=':
      return { operator: '=', negated: true };
    case 'doesNotContain':
      return { operator: 'contains', negated: true };
    case 'doesNotBeginWith':
      return { operator: 'beginsWith', negated: true };
    case 'doesNotEndWith':
      return { operator: 'endsWith', negated: true };
    case 'notIn':
      return { operator: 'in', negated: true };
    case 'notBetween':
      return { operator: 'between', negated: true };
    case 'notNull':
      return { operator: 'null', negated: true };
    case 'notWithinLastDays':
      return { operator: 'withinLastDays', negated: true };
    default:
      return { operator, negated: false };
  }
}

/**
 * What evaluating a rule for one row costs, in comparisons of plain values. Without a folded column, looking for words
 * folds the row's text first. A list looked for in a list compares each with each.
 */
export function costOf(field: Field, operator: Operator, values: number): number {
  if (field.type === 'text' && words.includes(operator)) return field.folded ? 1 : 10;
  return field.type === 'texts' && values > 10 ? values / 10 : 1;
}
