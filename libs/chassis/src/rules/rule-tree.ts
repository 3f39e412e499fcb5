import type { ProblemDetail } from '@quen/messaging';
import { Params, type Predicate } from '../database/predicate.js';
import { invalid } from '../problems/problems.js';
import { describeType, describeTypeVi, parseFieldValue, type Field, type Fields, type FieldValue } from './fields.js';
import { arity, costOf, operators, operatorsOf, type Operator } from './operators.js';
import { ruleMatches } from './rule-in-memory.js';
import { ruleSql } from './rule-sql.js';
import { isGroup, type Rule, type RuleGroup } from './rule.js';

const maxDepth = 8;
const maxRules = 100;
const maxCost = 100;
const maxValues = 200;
const maxDays = 36_525;

/**
 * A rule tree that was checked against a closed list of fields. Of a null value every positive operator but `null` is
 * false, and its negation true.
 */
export class RuleTree {
  constructor(
    readonly fields: Fields,
    readonly group: RuleGroup,
  ) {}

  /** Names of the fields that the tree speaks of, to evaluate only what a change can touch. */
  get fieldsUsed(): ReadonlySet<string> {
    const used = new Set<string>();
    const visit = (node: Rule | RuleGroup): void => {
      if (isGroup(node)) node.rules.forEach(visit);
      else used.add(node.field);
    };
    visit(this.group);
    return used;
  }

  /**
   * The tree as an SQL condition that is true or false, never null. `column` names a field's SQL; by default its `sql`,
   * or its name in snake_case.
   */
  predicate(column?: (name: string) => string): Predicate {
    const params = new Params();
    return { sql: ruleSql(this.fields, this.group, params, column), params: params.values };
  }

  /**
   * Whether the tree holds for one row given as values by field name; agrees with {@link predicate}. `now` is what the
   * day operators count from, `zone` where the firm's days are.
   */
  matches(row: Readonly<Record<string, unknown>>, now: Date, zone: string): boolean {
    return ruleMatches(this.fields, this.group, row, { now, zone });
  }

  toJSON(): RuleGroup {
    return this.group;
  }
}

/** Declares the closed list of fields of a kind of rule tree. */
export function ruleTree(fields: Fields): RuleFields {
  return new RuleFields(fields);
}

/** Checks rule trees against a closed list of fields. */
export class RuleFields {
  constructor(readonly fields: Fields) {}

  /**
   * Checks a tree as it came from outside; members that react-querybuilder adds for itself (`id`, `valueSource` …) are
   * dropped.
   * @throws Problem validation_failed with a pointer for every wrong part, and for a tree that would cost too much for
   * every row
   */
  parse(input: unknown, pointer = ''): RuleTree {
    return this.read(input, pointer, maxCost);
  }

  /**
   * A tree that was checked when it was stored. Its cost is not checked again, so that a lower limit does not stop a
   * tree in use.
   */
  stored(input: unknown): RuleTree {
    return this.read(input, '', Infinity);
  }

  private read(input: unknown, pointer: string, limit: number): RuleTree {
    const reading = new Reading(this.fields, limit);
    const group = reading.group(input, pointer, 1);
    if (reading.errors.length || !group) throw invalid(...reading.errors);
    return new RuleTree(this.fields, group);
  }

  /** Fields with their types, operators and choices, for a screen that builds rules. */
  describe(): {
    name: string;
    label: string;
    type: string;
    operators: readonly string[];
    choices?: readonly string[];
  }[] {
    return Object.entries(this.fields).map(([name, field]) => ({
      name,
      label: field.label ?? name,
      type: field.type,
      operators: operatorsOf(field),
      ...(field.choices ? { choices: field.choices } : {}),
    }));
  }
}

class Reading {
  readonly errors: ProblemDetail[] = [];
  private count = 0;
  private cost = 0;

  constructor(
    private readonly fields: Fields,
    private readonly maxCost: number,
  ) {}

  group(input: unknown, pointer: string, depth: number): RuleGroup | undefined {
    if (!isObject(input) || !Array.isArray(input['rules']))
      return this.wrong(
        pointer,
        'rule_group_expected',
        'must be a group {combinator, rules}',
        'phải là nhóm {combinator, rules}',
      );
    if (depth > maxDepth)
      return this.wrong(
        pointer,
        'rules_too_deep',
        `groups may nest ${maxDepth} deep`,
        `nhóm lồng nhau không quá ${maxDepth} cấp`,
      );
    const { combinator = 'and', not = false } = input;
    if (combinator !== 'and' && combinator !== 'or')
      return this.wrong(`${pointer}/combinator`, 'unknown_combinator', 'must be and or or', 'phải là and hoặc or');
    if (typeof not !== 'boolean')
      return this.wrong(`${pointer}/not`, 'boolean_expected', 'must be true or false', 'phải là true hoặc false');
    const rules: (Rule | RuleGroup)[] = [];
    for (const [index, node] of (input['rules'] as unknown[]).entries()) {
      const at = `${pointer}/rules/${index}`;
      const read = isObject(node) && 'rules' in node ? this.group(node, at, depth + 1) : this.rule(node, at);
      if (read) rules.push(read);
      if (this.count > maxRules)
        return this.wrong(pointer, 'too_many_rules', `at most ${maxRules} rules`, `không quá ${maxRules} quy tắc`);
      if (this.cost > this.maxCost)
        return this.wrong(pointer, 'rules_too_costly', tooCostly(this.fields), tooCostlyVi(this.fields));
    }
    return { combinator, ...(not ? { not } : {}), rules };
  }

  private rule(input: unknown, pointer: string): Rule | undefined {
    this.count += 1;
    if (!isObject(input))
      return this.wrong(
        pointer,
        'rule_expected',
        'must be a rule {field, operator, value}',
        'phải là quy tắc {field, operator, value}',
      );
    const { field: name, operator, value } = input;
    const field = typeof name === 'string' && Object.hasOwn(this.fields, name) ? this.fields[name] : undefined;
    if (!field)
      return this.wrong(
        `${pointer}/field`,
        'unknown_field',
        `must be one of ${Object.keys(this.fields).join(', ')}`,
        `phải là một trong: ${Object.keys(this.fields).join(', ')}`,
      );
    const known = operators.find((each) => each === operator);
    if (!known || !operatorsOf(field).includes(known))
      return this.wrong(
        `${pointer}/operator`,
        'unknown_operator',
        `must be one of ${operatorsOf(field).join(', ')}`,
        `phải là một trong: ${operatorsOf(field).join(', ')}`,
      );
    const parsed = parseRuleValue(field, known, value);
    if (parsed === undefined && arity(known) !== 'none')
      return this.wrong(`${pointer}/value`, 'wrong_value', describeValue(field, known), describeValueVi(field, known));
    this.cost += costOf(field, known, Array.isArray(parsed) ? parsed.length : 1);
    return { field: name as string, operator: known, ...(parsed === undefined ? {} : { value: parsed }) };
  }

  private wrong(pointer: string, code: string, message: string, vi: string): undefined {
    this.errors.push({ pointer, code, message, vi });
    return undefined;
  }
}

function dearFields(fields: Fields): string[] {
  return Object.entries(fields)
    .filter(([, field]) => field.type === 'text' && !field.folded)
    .map(([name]) => name);
}

function tooCostly(fields: Fields): string {
  const dear = dearFields(fields);
  return `the rules cost more than ${maxCost} together: each counts 1${dear.length ? `, words looked for in ${dear.join(', ')} 10` : ''}, lists of more than 10 values in a list a tenth of their number`;
}

function tooCostlyVi(fields: Fields): string {
  const dear = dearFields(fields);
  return `các quy tắc cộng lại nặng hơn ${maxCost}: mỗi quy tắc tính 1${dear.length ? `, tìm chữ trong ${dear.join(', ')} tính 10` : ''}, danh sách trên 10 giá trị tính một phần mười số giá trị`;
}

function parseRuleValue(field: Field, operator: Operator, value: unknown): FieldValue | FieldValue[] | undefined {
  switch (arity(operator)) {
    case 'none':
      return undefined;
    case 'one':
      return parseFieldValue(field, value);
    case 'days': {
      const days = parseFieldValue({ type: 'integer' }, value);
      return typeof days === 'number' && days >= 0 && days <= maxDays ? days : undefined;
    }
    case 'two': {
      const both = many(field, value);
      return both?.length === 2 ? both : undefined;
    }
    case 'many':
      return many(field, value);
  }
}

function many(field: Field, value: unknown): FieldValue[] | undefined {
  const items: unknown[] = Array.isArray(value)
    ? value
    : typeof value === 'string'
      ? value.split(',').map((item) => item.trim())
      : [];
  if (items.length === 0 || items.length > maxValues) return undefined;
  const parsed = items.map((item) => parseFieldValue(field, item));
  return parsed.includes(undefined) ? undefined : (parsed as FieldValue[]);
}

function describeValue(field: Field, operator: Operator): string {
  switch (arity(operator)) {
    case 'two':
      return `must be two values, each ${describeType(field)}`;
    case 'many':
      return `must be 1 to ${maxValues} values, each ${describeType(field)}`;
    case 'days':
      return `must be a number of days, 0 to ${maxDays}`;
    default:
      return `must be ${describeType(field)}`;
  }
}

function describeValueVi(field: Field, operator: Operator): string {
  switch (arity(operator)) {
    case 'two':
      return `phải là hai giá trị, mỗi giá trị là ${describeTypeVi(field)}`;
    case 'many':
      return `phải là 1 đến ${maxValues} giá trị, mỗi giá trị là ${describeTypeVi(field)}`;
    case 'days':
      return `phải là số ngày, từ 0 đến ${maxDays}`;
    default:
      return `phải là ${describeTypeVi(field)}`;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
