import type { ObjectLiteral } from 'typeorm';
import type { ProblemDetail } from '@quen/messaging';
import { invalid } from '../problems/problems.js';
import type { Field } from '../rules/fields.js';
import { operatorsOf, type Operator } from '../rules/operators.js';
import { ruleTree, type RuleTree } from '../rules/rule-tree.js';
import { fold } from '../text/fold.js';
import type { CursorKeys, Cursors } from './cursor.js';
import { parseSort, type ListDefinition, type SortKey } from './define-list.js';

/** A list request that was checked against its definition. */
export interface ParsedList {
  readonly limit: number;
  readonly sort: readonly SortKey[];
  readonly where: RuleTree;
  /** Folded words, all of which must occur. */
  readonly words: readonly string[];
  readonly after?: CursorKeys;
  readonly countExactly: boolean;
  /** Seals the end of a page into its cursor. */
  cursorAfter(keys: CursorKeys): string;
}

/** Names that a list request may hold. */
const known = ['limit', 'cursor', 'sort', 'filter', 'q', 'count'];

const filterOperators: Readonly<Record<string, Operator>> = {
  eq: '=',
  ne: '!=',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
  in: 'in',
  nin: 'notIn',
  contains: 'contains',
  startsWith: 'beginsWith',
  null: 'null',
};

/** Filter operators that a field takes, as query strings write them. */
export function filterOperatorsOf(field: Field): string[] {
  return Object.keys(filterOperators).filter((name) => operatorsOf(field).includes(filterOperators[name] as Operator));
}

/**
 * Reads the query string of a list, already nested (`filter[stage]=won` as `{filter: {stage: 'won'}}`).
 * @throws Problem validation_failed with everything that is wrong, naming what is allowed
 */
export function parseListQuery<E extends ObjectLiteral>(
  definition: ListDefinition<E>,
  cursors: Cursors,
  query: Readonly<Record<string, unknown>>,
  also: readonly string[] = [],
): ParsedList {
  const errors: ProblemDetail[] = [];
  const allowed = [...known, ...also];
  for (const name of Object.keys(query)) {
    if (!allowed.includes(name)) errors.push({ pointer: `?${name}`, code: 'unknown_field', ...oneOf(allowed) });
  }
  const rules = filterRules(definition, query['filter'], errors);
  return finish(definition, cursors, { ...query, where: { combinator: 'and', rules } }, errors, (name) => `?${name}`);
}

/** Reads the body of a `POST …/search`. @throws Problem validation_failed with everything that is wrong */
export function parseSearch<E extends ObjectLiteral>(
  definition: ListDefinition<E>,
  cursors: Cursors,
  body: Readonly<Record<string, unknown>>,
): ParsedList {
  const errors: ProblemDetail[] = [];
  const allowed = ['where', ...known.filter((name) => name !== 'filter')];
  for (const name of Object.keys(body)) {
    if (!allowed.includes(name)) errors.push({ pointer: `/${name}`, code: 'unknown_field', ...oneOf(allowed) });
  }
  return finish(
    definition,
    cursors,
    { ...body, where: body['where'] ?? { combinator: 'and', rules: [] } },
    errors,
    (name) => `/${name}`,
  );
}

function finish<E extends ObjectLiteral>(
  definition: ListDefinition<E>,
  cursors: Cursors,
  input: Readonly<Record<string, unknown>>,
  errors: ProblemDetail[],
  pointer: (name: string) => string,
): ParsedList {
  const wrong = (name: string, code: string, message: string, vi: string): void =>
    void errors.push({ pointer: pointer(name), code, message, vi });
  const { limit: wanted = 25 } = input;
  const limit = typeof wanted === 'object' ? NaN : Number(wanted);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200)
    wrong('limit', 'wrong_value', 'must be an integer from 1 to 200', 'phải là số nguyên từ 1 đến 200');
  const sort = sortKeys(definition, input['sort'], wrong);
  const q = input['q'];
  if (q !== undefined && (typeof q !== 'string' || q.length > 200 || q.includes('\0')))
    wrong('q', 'wrong_value', 'must be text of at most 200 characters', 'phải là văn bản không quá 200 ký tự');
  if (q !== undefined && !definition.search)
    wrong('q', 'unknown_field', 'this list cannot be searched', 'danh sách này không tìm kiếm được');
  if (input['count'] !== undefined && input['count'] !== 'exact')
    wrong('count', 'wrong_value', 'must be exact', 'phải là exact');
  const words = typeof q === 'string' ? fold(q).split(' ').filter(Boolean).slice(0, 10) : [];
  const where = errors.length ? undefined : ruleTree(definition.fields).parse(input['where'], pointer('where'));
  const binding = JSON.stringify([definition.name, sort, where, words]);
  const cursor = input['cursor'];
  const after = typeof cursor === 'string' ? cursors.decode(cursor, binding) : undefined;
  if (cursor !== undefined && !after && !errors.length)
    wrong(
      'cursor',
      'wrong_cursor',
      'was not given by this list for the same order and filters',
      'không phải do danh sách này đưa ra với cùng thứ tự và bộ lọc',
    );
  if (errors.length || !where) throw invalid(...errors);
  return {
    limit,
    sort,
    where,
    words,
    after,
    countExactly: input['count'] === 'exact',
    cursorAfter: (keys) => cursors.encode(keys, binding),
  };
}

function sortKeys<E extends ObjectLiteral>(
  definition: ListDefinition<E>,
  input: unknown,
  wrong: (name: string, code: string, message: string, vi: string) => void,
): SortKey[] {
  if (input === undefined) return parseSort(definition.defaultSort);
  const keys = typeof input === 'string' ? parseSort(input) : [];
  const fields = keys.map((key) => key.field);
  if (
    !keys.length ||
    keys.length > 5 ||
    new Set(fields).size < fields.length ||
    fields.some((name) => !definition.sort.includes(name))
  ) {
    wrong(
      'sort',
      'unknown_field',
      `must be fields out of ${definition.sort.join(', ')}, each once, with - for descending`,
      `phải là các trường trong số ${definition.sort.join(', ')}, mỗi trường một lần, thêm - để giảm dần`,
    );
  }
  return keys;
}

function oneOf(names: readonly string[]): { message: string; vi: string } {
  return { message: `must be one of ${names.join(', ')}`, vi: `phải là một trong: ${names.join(', ')}` };
}

/** Query filters as rules, checked; the operator is a level of its own: `filter[amount][gte]=10`. */
function filterRules<E extends ObjectLiteral>(
  definition: ListDefinition<E>,
  input: unknown,
  errors: ProblemDetail[],
): object[] {
  if (input === undefined) return [];
  const names = Object.keys(definition.fields);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    errors.push({
      pointer: '?filter',
      code: 'wrong_value',
      message: `must name a field: filter[field]=value, with a field out of ${names.join(', ')}`,
      vi: `phải nêu trường: filter[trường]=giá trị, với trường trong số ${names.join(', ')}`,
    });
    return [];
  }
  return Object.entries(input).flatMap(([name, condition]: [string, unknown]) => {
    const pointer = `?filter[${name}]`;
    const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
    if (!field) {
      errors.push({ pointer, code: 'unknown_field', ...oneOf(names) });
      return [];
    }
    const conditions: [string, unknown][] = Array.isArray(condition)
      ? [['in', condition]]
      : typeof condition === 'object' && condition !== null
        ? Object.entries(condition)
        : [[field.type === 'texts' ? 'contains' : 'eq', condition]];
    return conditions.flatMap(([operator, value]) => {
      const at = operator === 'eq' ? pointer : `${pointer}[${operator}]`;
      if (!filterOperatorsOf(field).includes(operator) && !(field.type === 'texts' && operator === 'contains')) {
        errors.push({ pointer: at, code: 'unknown_operator', ...oneOf(filterOperatorsOf(field)) });
        return [];
      }
      const rule = filterRule(name, operator, value);
      try {
        ruleTree(definition.fields).parse({ combinator: 'and', rules: [rule] });
        return [rule];
      } catch (problem) {
        const detail = (problem as { errors?: ProblemDetail[] }).errors?.[0];
        errors.push({
          pointer: at,
          code: detail?.code ?? 'wrong_value',
          message: detail?.message ?? 'is not valid',
          vi: detail?.vi ?? 'không hợp lệ',
        });
        return [];
      }
    });
  });
}

function filterRule(field: string, operator: string, value: unknown): object {
  if (operator === 'null') return { field, operator: value === 'false' || value === false ? 'notNull' : 'null' };
  return { field, operator: filterOperators[operator], value };
}
