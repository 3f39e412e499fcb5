import { snakeCase, sqlType, type Fields } from '../lists/fields.js';
import type { Params } from '../lists/predicate.js';
import { escapeLike, fold } from '../text/fold.js';
import { positive } from './operators.js';
import { isGroup, type Rule, type RuleGroup } from './rule.js';

/** A checked tree as an SQL condition; only constants of the program and placeholders get into the text. */
export function ruleSql(fields: Fields, node: Rule | RuleGroup, params: Params, column: (name: string) => string = (name) => fields[name]?.sql ?? snakeCase(name)): string {
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
  const one = (): string => params.add(rule.value, type);
  const list = (): string => params.add(rule.value, `${type}[]`);
  const day = field.type === 'date' ? 'current_date' : 'now()';
  const condition = ((): string => {
    switch (operator) {
      case '=': return `${value} = ${one()}`;
      case '<': case '<=': case '>': case '>=': return `${value} ${operator} ${one()}`;
      case 'contains': return field.type === 'texts' ? `${one()} = any(${value})` : like(value, `%${folded(rule)}%`, params);
      case 'beginsWith': return like(value, `${folded(rule)}%`, params);
      case 'endsWith': return like(value, `%${folded(rule)}`, params);
      case 'in': return field.type === 'texts' ? `${value} && ${list()}` : `${value} = any(${list()})`;
      case 'between': {
        const [low, high] = rule.value as readonly unknown[];
        return `${value} between ${params.add(low, type)} and ${params.add(high, type)}`;
      }
      case 'null': return `${value} is null`;
      case 'withinLastDays': return `${value} > ${day} - make_interval(days => ${params.add(rule.value, 'int')}) and ${value} <= ${day}`;
      case 'withinNextDays': return `${value} >= ${day} and ${value} < ${day} + make_interval(days => ${params.add(rule.value, 'int')})`;
      default: throw new Error(`Operator ${operator} is negative`);
    }
  })();
  const decided = operator === 'null' ? `(${condition})` : `coalesce(${condition}, false)`;
  return negated ? `not ${decided}` : decided;
}

function folded(rule: Rule): string {
  return escapeLike(fold(String(rule.value)));
}

function like(value: string, pattern: string, params: Params): string {
  return `quen_fold(${value}) like ${params.add(pattern, 'text')}`;
}
