import type { Type } from '@nestjs/common';
import { getMetadataArgsStorage } from 'typeorm';
import { eventOf } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import { snakeCase } from '../database/naming.js';

/** Gives a provider of the service. */
export type Get = <T>(type: Type<T>) => T;

/** The firm, as far as a map may depend on it. */
export interface Firm {
  /** The firm's civil day that an instant lies in, as SQL `quen_day` tells it. */
  dayOf(at: Date): string;
}

/** A record of which there was news. */
export interface Touched {
  readonly id: string;
  /** The event that brought it; null where a rebuild corrected the row. */
  readonly becauseOf: string | null;
}

/** News that a replica took; `W` are the watched columns. */
export interface Taken<W> extends Touched {
  /** The owner erased the record. */
  readonly erased: boolean;
  /** As the row was; null when nothing was known, and where a rebuild corrected the row. */
  readonly before: W | null;
  /** As the row is; null when nothing is known any more. */
  readonly now: W | null;
}

/** A value as a map gives it: instants also as text, an unknown one also as undefined. */
type Given<V> = V | (Date extends V ? string : never) | (null extends V ? undefined : never);

/** What a map makes of a state: a value for every column but the key, the version and the time of receipt. */
export type Mapped<E> = { [P in keyof E]?: Given<E[P]> };

/** How rows are shared with other sources. */
export interface SharedRows<E> {
  /** Property with this source's version, -1 while nothing is known from it; default `version`. */
  readonly version?: keyof E & string;
  /** Property with the time of receipt from this source. */
  readonly receivedAt?: keyof E & string;
  /** SQL over the row's columns. While it holds, the row is kept though no source tells of it. */
  readonly keepWhile?: string;
}

export interface ReplicaOptions<E, W extends keyof E, D extends Touched> {
  /**
   * The consumer group, e.g. `crm.sales.customer-replica`. Several replicas of a service may be one group.
   * WARNING: a constant. Renaming it makes a new consumer, which reads everything again.
   */
  readonly group: string;
  /** Properties that `derive` and `after` are told of, before and now. */
  readonly watch?: readonly W[];
  /** Takes locks that have to be held before any row is; not called in a rebuild. */
  readonly before?: (tx: Transaction, get: Get) => Promise<void>;
  /**
   * Works out what else of the same store follows from the news; called in a rebuild, too. `after` then hears of what
   * this returns.
   */
  readonly derive?: (taken: Taken<Pick<E, W>>[], tx: Transaction, get: Get) => Promise<D[] | void>;
  /**
   * What business does with the news, in the same transaction. It is never called in a rebuild. It hears of rows that a
   * rebuild corrected in the live store, unless the replica has a `derive`, whose results are corrected themselves.
   */
  readonly after?: (touched: D[], tx: Transaction, get: Get) => Promise<void>;
}

/** A declared replica, without its types. */
export interface Replica {
  readonly state: new () => object;
  /** Name of the state without its version, e.g. `crm.customers.customer`. */
  readonly name: string;
  readonly entity: new () => object;
  readonly table: string;
  readonly group: string;
  readonly version: string;
  /** Property with the time of receipt. */
  readonly receivedAt: string | undefined;
  /** Of rows that other sources fill as well: SQL of when one is kept though no source tells of it. */
  readonly keepWhile: string | undefined;
  readonly watch: readonly string[];
  map(state: object | null, firm: Firm): Readonly<Record<string, unknown>>;
  before?(tx: Transaction, get: Get): Promise<void>;
  derive?(taken: Taken<unknown>[], tx: Transaction, get: Get): Promise<Touched[] | void>;
  after?(touched: Touched[], tx: Transaction, get: Get): Promise<void>;
}

/**
 * Declares that a table of this service follows a state of another. Every row is the newest version that was heard of,
 * however late, often or disordered it came. Nothing is left of an erased record, and nothing older comes back. List it
 * in the slice's `replicas`: the consumer and the store that can be rebuilt come with it.
 * @param map makes the columns of a state: each but the key, the version and `receivedAt`, and always the same ones
 */
export function replica<
  S extends { version: number },
  E extends object,
  W extends keyof E & string = never,
  D extends Touched = Taken<Pick<E, W>>,
>(
  state: new () => S,
  entity: new () => E,
  map: (state: S, firm: Firm) => Mapped<E>,
  options: ReplicaOptions<E, W, D>,
): Replica {
  return declare(state, entity, map, options);
}

/**
 * Declares that some columns of a table follow a state of another service, while other sources fill other columns of
 * the same rows. All else is as in {@link replica}. After an erasure these columns are as the map makes them of null. A
 * row of which no source tells is deleted.
 */
export function sharedReplica<
  S extends { version: number },
  E extends object,
  W extends keyof E & string = never,
  D extends Touched = Taken<Pick<E, W>>,
>(
  state: new () => S,
  entity: new () => E,
  map: (state: S | null, firm: Firm) => Mapped<E>,
  options: ReplicaOptions<E, W, D> & SharedRows<E>,
): Replica {
  return declare(state, entity, map, options, options);
}

function declare<S, E, W extends keyof E & string, D extends Touched>(
  state: new () => S,
  entity: new () => E,
  map: (state: S, firm: Firm) => Mapped<E>,
  { group, watch = [], before, derive, after }: ReplicaOptions<E, W, D>,
  shared?: SharedRows<E>,
): Replica {
  const of = entity as new () => object;
  const declared = {
    state,
    name: eventOf(state).name,
    entity: of,
    table: tableOf(of),
    group,
    version: shared?.version ?? 'version',
    receivedAt: shared ? shared.receivedAt : hasColumn(of, 'receivedAt') ? 'receivedAt' : undefined,
    keepWhile: shared && (shared.keepWhile ?? 'false'),
    watch,
    map,
    before,
    derive,
    after,
  };
  return declared as unknown as Replica;
}

/**
 * SQL: whether this record was erased by the service that owns its state, and nothing newer was heard of it since.
 * @param id expression of the record's id
 * @param version expression of the version that is known of it
 */
export function erasedSql(state: new () => object, id: string, version = '-1'): string {
  return `exists (select 1 from erased where erased.state = '${eventOf(state).name}' and erased.id = ${id} and erased.version > ${version})`;
}

/** The name of a column. @throws Error for a property that is no column */
export function columnOf({ entity }: Pick<Replica, 'entity'>, property: string): string {
  const column = columnsOf(entity).find(({ propertyName }) => propertyName === property);
  if (!column) throw new Error(`${entity.name} has no column ${property}`);
  return column.options.name ?? snakeCase(property);
}

function columnsOf(entity: new () => object) {
  return getMetadataArgsStorage().filterColumns(entity);
}

function hasColumn(entity: new () => object, property: string): boolean {
  return columnsOf(entity).some(({ propertyName }) => propertyName === property);
}

function tableOf(entity: new () => object): string {
  const table = getMetadataArgsStorage().tables.find(({ target }) => target === entity);
  if (!table) throw new Error(`${entity.name} is no entity`);
  return table.name ?? snakeCase(entity.name);
}
