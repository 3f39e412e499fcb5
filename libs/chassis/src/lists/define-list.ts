import type { ObjectLiteral } from 'typeorm';
import type { Fields } from '../rules/fields.js';

/** What one kind of list offers: the closed sets of fields to filter, sort and search by. */
export interface ListOptions<E extends ObjectLiteral> {
  entity: new () => E;
  /**
   * Fields open to `filter[…]`. A field without `sql` is the entity's property of that name (`price.amount` for a part
   * of an embedded value).
   */
  fields: Fields;
  /** Properties that `sort` may name. */
  sort: readonly string[];
  /**
   * Default order, e.g. `-createdAt`. It goes by fields that do not change while somebody reads page by page. The id is
   * always the last criterion.
   */
  defaultSort: string;
  /**
   * Property of a column with folded text (see `quen_fold`), searched by `q`. Or several properties of plain text,
   * which the query folds.
   */
  search?: string | readonly string[];
}

/** A declared list. */
export interface ListDefinition<E extends ObjectLiteral> extends ListOptions<E> {
  /** What cursors are bound to, so that a cursor of another list is refused. */
  readonly name: string;
}

/** One criterion of an order. */
export interface SortKey {
  readonly field: string;
  readonly descending: boolean;
}

/**
 * Declares a list over an entity.
 * @throws Error when the default order names a field that cannot be sorted by, or one that every edit changes: pages
 * would then skip rows that are edited meanwhile
 */
export function defineList<E extends ObjectLiteral>(options: ListOptions<E>): ListDefinition<E> {
  for (const key of parseSort(options.defaultSort)) {
    if (!options.sort.includes(key.field))
      throw new Error(`${options.entity.name}: the default order uses ${key.field}, which is not in sort`);
    if (key.field === 'updatedAt')
      throw new Error(
        `${options.entity.name}: the default order is by ${key.field}, which changes while somebody reads page by page`,
      );
  }
  return { ...options, name: options.entity.name };
}

/** `-updatedAt,name` as criteria. */
export function parseSort(text: string): SortKey[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((part) =>
      part.startsWith('-') ? { field: part.slice(1), descending: true } : { field: part, descending: false },
    );
}
