import type { Params } from '../database/predicate.js';
import { escapeLike, fold } from '../text/fold.js';
import { isPlainDay, snakeCase, sqlType, type Fields } from './fields.js';
import { positive, type Operator } from './operators.js';
import { isGroup, type Rule, type RuleGroup } from './rule.js';

/** A checked tree as an SQL condition; only constants of the program and placeholders get into the text. */
export function ruleSql(
  fields: Fields,
  node: Rule | RuleGroup,
  params: Params,
  column: (name: string) => string = (name) => fields[name]?.sql ?? snakeCase(name),
): string {
  if (!isGroup(node)) return ruleCondition(fields, node, params, column);
  const parts = node.rules.map((rule) => ruleSql(fields, rule, params, column));
  const joined = parts.length ? `(${parts.join(` ${node.combinator} `)})` : 'true';
  return node.not ? `not ${joined}` : joined;
}

function ruleCondition(fields: Fields, rule: Rule, params: Params, column: (name: string) => string): string {
  const field = fields[rule.field];
  if (!field) throw new Error(`Rule on ${rule.field}, which is no field`);
  const { operator, negated } = positive(rule.operator);
  const value = column(rule.field);
  const type = sqlType[field.type];
  const words = field.folded ?? `quen_fold(${value})`;
  const one = (): string => params.add(rule.value, type);
  const list = (): string => params.add(rule.value, `${type}[]`);
  // Of a date the firm's civil days count, today among them; of an instant spans of 24 hours.
  const now = field.type === 'date' ? 'quen_today()' : 'now()';
  const span = (): string =>
    field.type === 'date'
      ? params.add(rule.value, 'int')
      : `make_interval(hours => 24 * ${params.add(rule.value, 'int')})`;
  const condition = ((): string => {
    if (field.type === 'instant') {
      const ofDays = plainDays(value, operator, rule.value, params);
      if (ofDays) return ofDays;
    }
    switch (operator) {
      case '=':
        return `${value} = ${one()}`;
      case '<':
      case '<=':
      case '>':
      case '>=':
        return `${value} ${operator} ${one()}`;
      case 'contains':
        return field.type === 'texts' ? `${one()} = any(${value})` : like(words, `%${folded(rule)}%`, params);
      case 'beginsWith':
        return like(words, `${folded(rule)}%`, params);
      case 'endsWith':
        return like(words, `%${folded(rule)}`, params);
      case 'in':
        return field.type === 'texts' ? `${value} && ${list()}` : `${value} = any(${list()})`;
      case 'between': {
        const [low, high] = rule.value as readonly unknown[];
        return `${value} between ${params.add(low, type)} and ${params.add(high, type)}`;
      }
      case 'null':
        return `${value} is null`;
      case 'withinLastDays':
        return `${value} > ${now} - ${span()} and ${value} <= ${now}`;
      case 'withinNextDays':
        return `${value} >= ${now} and ${value} < ${now} + ${span()}`;
      default:
        throw new Error(`Operator ${operator} is negative`);
    }
  })();
  const decided = operator === 'null' ? `(${condition})` : `coalesce(${condition}, false)`;
  return negated ? `not ${decided}` : decided;
}

/**
 * An instant compared with the firm's civil days: a day is all of its moments, from its midnight until the next.
 * Undefined where no day is named.
 */
function plainDays(value: string, operator: Operator, wanted: Rule['value'], params: Params): string | undefined {
  const given: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  if (!given.some(isPlainDay)) return undefined;
  const begin = (of: unknown): string =>
    isPlainDay(of) ? `quen_midnight(${params.add(of, 'date')})` : params.add(of, 'timestamptz');
  const from = (of: unknown): string => `${value} >= ${begin(of)}`;
  const until = (of: unknown): string =>
    isPlainDay(of)
      ? `${value} < quen_midnight(${params.add(of, 'date')} + 1)`
      : `${value} <= ${params.add(of, 'timestamptz')}`;
  switch (operator) {
    case '=':
      return `${from(given[0])} and ${until(given[0])}`;
    case '<':
      return `${value} < ${begin(given[0])}`;
    case '<=':
      return until(given[0]);
    case '>':
      return `${value} >= quen_midnight(${params.add(given[0], 'date')} + 1)`;
    case '>=':
      return from(given[0]);
    case 'between':
      return `${from(given[0])} and ${until(given[1])}`;
    case 'in':
      return `(${given.map((one) => `${from(one)} and ${until(one)}`).join(' or ')})`;
    default:
      return undefined;
  }
}

function folded(rule: Rule): string {
  return escapeLike(fold(String(rule.value)));
}

function like(folded: string, pattern: string, params: Params): string {
  return `${folded} like ${params.add(pattern, 'text')}`;
}
