import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { Language, Transaction } from '@quen/messaging';
import type { ListDefinition } from '../lists/define-list.js';
import type { Page } from '../lists/list-query.dto.js';
import type { ParsedList } from '../lists/parse-list.js';

/** A value as a file shows it: texts, numbers as decimal text, days `YYYY-MM-DD`, moments, yes and no. */
export type ExportValue = string | number | boolean | Date | null | undefined;

/** A column of an export. */
export interface ExportColumn<E> {
  /** Its heading; the column's name where none is given, as an import knows it too. */
  heading?: Readonly<Record<Language, string>>;
  /** `number` for decimal texts that a spreadsheet is to reckon with, `day` for civil days. */
  as?: 'text' | 'number' | 'day';
  /** What stands in it; the property of the column's name by default. */
  of?: (row: E) => ExportValue;
  /** Action on the list's resource that a caller needs to have the column. */
  needs?: string;
}

/** What one export consists of. */
export interface ExportOptions<E extends ObjectLiteral> {
  /** Kebab-case, unique in its service; names the files, too. */
  name: string;
  list: ListDefinition<E>;
  /** How a page of the list is read, where the list has its own way. */
  page?: (tx: Transaction, query: ParsedList) => Promise<Page<E>>;
  /** Resource whose action `needs` speaks of. */
  resource?: string;
  /** By default the list's fields that are the entity's own. */
  columns?: Readonly<Record<string, ExportColumn<E>>>;
}

/** A declared export. */
export interface ExportDefinition<E extends ObjectLiteral = ObjectLiteral> extends ExportOptions<E> {
  /** Its columns over the entity's metadata. */
  columnsOf(metadata: EntityMetadata): [name: string, column: ExportColumn<E>][];
}

const declared = new Map<string, ExportDefinition>();

/**
 * Declares that a list can be had as a file: the rows that its filters, search and scope give, in its order.
 * @throws Error for a name that is taken
 */
export function defineExport<E extends ObjectLiteral>(options: ExportOptions<E>): ExportDefinition<E> {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(options.name)) throw new Error(`Export ${options.name} must be kebab-case`);
  const known = declared.get(options.name);
  if (known && known.list.entity.name !== options.list.entity.name)
    throw new Error(`Export ${options.name} is declared twice`);
  const definition: ExportDefinition<E> = {
    ...options,
    columnsOf: (metadata) =>
      Object.entries(
        options.columns ??
          Object.fromEntries(
            Object.keys(options.list.fields)
              .filter((name) => metadata.findColumnWithPropertyPath(name))
              .map((name): [string, ExportColumn<E>] => [name, kindOf(options.list, name)]),
          ),
      ),
  };
  declared.set(options.name, definition as unknown as ExportDefinition);
  return definition;
}

/** The export of a name. @throws Error when there is none, as after a release that took it away */
export function exportOf(name: string): ExportDefinition {
  const found = declared.get(name);
  if (!found) throw new Error(`There is no export ${name}`);
  return found;
}

function kindOf<E extends ObjectLiteral>(list: ListDefinition<E>, name: string): ExportColumn<E> {
  const type = list.fields[name]?.type;
  return { as: type === 'decimal' || type === 'integer' ? 'number' : type === 'date' ? 'day' : 'text' };
}

/** What stands in a column of a row. */
export function valueOf<E extends ObjectLiteral>(row: E, name: string, { of }: ExportColumn<E>): ExportValue {
  if (of) return of(row);
  const value = name
    .split('.')
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | null | undefined)?.[key], row);
  if (value === null || value === undefined || value instanceof Date) return value as Date | null | undefined;
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean);
}
