import { Decimal } from 'decimal.js';
import type { Field, Fields } from '../lists/fields.js';
import { fold } from '../text/fold.js';
import { positive } from './operators.js';
import { isGroup, type Rule, type RuleGroup } from './rule.js';

const dayMs = 86_400_000;

/** Whether a checked tree holds for one row; says the same as the tree's SQL. */
export function ruleMatches(fields: Fields, node: Rule | RuleGroup, row: Readonly<Record<string, unknown>>, now: Date): boolean {
  if (!isGroup(node)) return conditionHolds(fields, node, row, now);
  const check = (rule: Rule | RuleGroup): boolean => ruleMatches(fields, rule, row, now);
  const joined = node.rules.length === 0 || (node.combinator === 'and' ? node.rules.every(check) : node.rules.some(check));
  return node.not ? !joined : joined;
}

function conditionHolds(fields: Fields, rule: Rule, row: Readonly<Record<string, unknown>>, now: Date): boolean {
  const field = fields[rule.field];
  if (!field) throw new Error(`Rule on ${rule.field}, which is no field`);
  const { operator, negated } = positive(rule.operator);
  const value = row[rule.field];
  const absent = value === null || value === undefined;
  const holds = operator === 'null' ? absent : !absent && positiveHolds(field, operator, value, rule.value, now);
  return negated ? !holds : holds;
}

function positiveHolds(field: Field, operator: Rule['operator'], value: unknown, wanted: Rule['value'], now: Date): boolean {
  const order = (other: unknown): number => compare(field, value, other);
  const list = wanted as readonly unknown[];
  switch (operator) {
    case '=': return order(wanted) === 0;
    case '<': return order(wanted) < 0;
    case '<=': return order(wanted) <= 0;
    case '>': return order(wanted) > 0;
    case '>=': return order(wanted) >= 0;
    case 'contains': return field.type === 'texts' ? (value as unknown[]).includes(wanted) : fold(String(value)).includes(fold(String(wanted)));
    case 'beginsWith': return fold(String(value)).startsWith(fold(String(wanted)));
    case 'endsWith': return fold(String(value)).endsWith(fold(String(wanted)));
    case 'in': return field.type === 'texts' ? (value as unknown[]).some((item) => list.includes(item)) : list.some((item) => order(item) === 0);
    case 'between': return order(list[0]) >= 0 && order(list[1]) <= 0;
    case 'withinLastDays': return inDays(field, value, now, -Number(wanted));
    case 'withinNextDays': return inDays(field, value, now, Number(wanted));
    default: throw new Error(`Operator ${operator} is negative`);
  }
}

function inDays(field: Field, value: unknown, now: Date, days: number): boolean {
  const from = field.type === 'date' ? Math.floor(now.getTime() / dayMs) * dayMs : now.getTime();
  const at = moment(value);
  return days < 0 ? at > from + days * dayMs && at <= from : at >= from && at < from + days * dayMs;
}

function compare(field: Field, left: unknown, right: unknown): number {
  switch (field.type) {
    case 'decimal': case 'integer': return new Decimal(String(left)).comparedTo(String(right));
    case 'instant': case 'date': return moment(left) - moment(right);
    case 'uuid': return order(String(left).toLowerCase(), String(right).toLowerCase());
    case 'boolean': return Number(left) - Number(right);
    case 'text': case 'texts': case 'choice': return order(String(left), String(right));
  }
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function moment(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}
