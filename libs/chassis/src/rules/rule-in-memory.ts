import { Decimal } from 'decimal.js';
import { fold } from '../text/fold.js';
import { civilDay, daysAfter } from '../time/civil-day.js';
import { isPlainDay, type Field, type Fields } from './fields.js';
import { positive } from './operators.js';
import { isGroup, type Rule, type RuleGroup } from './rule.js';

const dayMs = 86_400_000;

/** When and where a rule is asked: the instant, and the zone whose civil days count. */
export interface AskedAt {
  readonly now: Date;
  readonly zone: string;
}

/** Whether a checked tree holds for one row; says the same as the tree's SQL. */
export function ruleMatches(
  fields: Fields,
  node: Rule | RuleGroup,
  row: Readonly<Record<string, unknown>>,
  asked: AskedAt,
): boolean {
  if (!isGroup(node)) return conditionHolds(fields, node, row, asked);
  const check = (rule: Rule | RuleGroup): boolean => ruleMatches(fields, rule, row, asked);
  const joined =
    node.rules.length === 0 || (node.combinator === 'and' ? node.rules.every(check) : node.rules.some(check));
  return node.not ? !joined : joined;
}

function conditionHolds(fields: Fields, rule: Rule, row: Readonly<Record<string, unknown>>, asked: AskedAt): boolean {
  const field = fields[rule.field];
  if (!field) throw new Error(`Rule on ${rule.field}, which is no field`);
  const { operator, negated } = positive(rule.operator);
  const value = row[rule.field];
  const absent = value === null || value === undefined;
  const holds = operator === 'null' ? absent : !absent && positiveHolds(field, operator, value, rule.value, asked);
  return negated ? !holds : holds;
}

function positiveHolds(
  field: Field,
  operator: Rule['operator'],
  value: unknown,
  wanted: Rule['value'],
  asked: AskedAt,
): boolean {
  const order = (other: unknown): number => compare(field, value, other, asked.zone);
  const list = wanted as readonly unknown[];
  switch (operator) {
    case '=':
      return order(wanted) === 0;
    case '<':
      return order(wanted) < 0;
    case '<=':
      return order(wanted) <= 0;
    case '>':
      return order(wanted) > 0;
    case '>=':
      return order(wanted) >= 0;
    case 'contains':
      return field.type === 'texts'
        ? (value as unknown[]).includes(wanted)
        : fold(String(value)).includes(fold(String(wanted)));
    case 'beginsWith':
      return fold(String(value)).startsWith(fold(String(wanted)));
    case 'endsWith':
      return fold(String(value)).endsWith(fold(String(wanted)));
    case 'in':
      return field.type === 'texts'
        ? (value as unknown[]).some((item) => list.includes(item))
        : list.some((item) => order(item) === 0);
    case 'between':
      return order(list[0]) >= 0 && order(list[1]) <= 0;
    case 'withinLastDays':
      return inDays(field, value, asked, -Number(wanted));
    case 'withinNextDays':
      return inDays(field, value, asked, Number(wanted));
    default:
      throw new Error(`Operator ${operator} is negative`);
  }
}

/** Of a date the firm's civil days count, today among them; of an instant spans of 24 hours. */
function inDays(field: Field, value: unknown, { now, zone }: AskedAt, days: number): boolean {
  if (field.type === 'date') {
    const today = civilDay(now, zone),
      day = dayText(value);
    return days < 0 ? day > daysAfter(today, days) && day <= today : day >= today && day < daysAfter(today, days);
  }
  const at = moment(value),
    from = now.getTime();
  return days < 0 ? at > from + days * dayMs && at <= from : at >= from && at < from + days * dayMs;
}

function compare(field: Field, left: unknown, right: unknown, zone: string): number {
  switch (field.type) {
    case 'decimal':
    case 'integer':
      return new Decimal(String(left)).comparedTo(String(right));
    case 'instant':
      return isPlainDay(right) ? order(civilDay(new Date(moment(left)), zone), right) : moment(left) - moment(right);
    case 'date':
      return moment(left) - moment(right);
    case 'uuid':
      return order(String(left).toLowerCase(), String(right).toLowerCase());
    case 'boolean':
      return Number(left) - Number(right);
    case 'text':
    case 'texts':
    case 'choice':
      return order(String(left), String(right));
  }
}

function order(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A civil day as the database gives it, or as a driver made a Date of it. */
function dayText(value: unknown): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : String(value).slice(0, 10);
}

function moment(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}
