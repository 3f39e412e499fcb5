import type { Type } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import { eventOf, events, type EventDeclaration } from '@quen/events';
import type { Transaction } from '@quen/messaging';

/** Which states to read: at most `limit`, by ascending key, behind `after`; or the one of `id`. */
export interface StatePage {
  readonly after?: string;
  readonly id?: string;
  readonly limit: number;
}

/** Gives a provider of the service, for a state that depends on more than rows. */
export type Provider = <T>(type: Type<T>) => T;

/**
 * How a service reads the current public state of all aggregates of one kind, to publish it again. It is listed in the
 * slice's `states`.
 */
export interface StateSource {
  /** The state's class. */
  readonly state: new () => object;
  count(tx: Transaction): Promise<number>;
  /** Locks the rows against changes (`for share`), so that no change is published before the state that it replaced. */
  read(tx: Transaction, page: StatePage, get: Provider): Promise<object[]>;
}

export interface EntityStateOptions<E> {
  /** Builds the state; default: the entity's own `state()`. */
  readonly build?: (entity: E, get: Provider) => object;
  /** SQL of the rows that have a public state; default: all. */
  readonly where?: string;
}

/** The states of an entity whose primary key is the state's key. */
export function entityStates<E extends ObjectLiteral & { state(): object }>(
  state: new () => object,
  entity: new () => E,
  options?: EntityStateOptions<E>,
): StateSource;
export function entityStates<E extends ObjectLiteral>(
  state: new () => object,
  entity: new () => E,
  options: EntityStateOptions<E> & Required<Pick<EntityStateOptions<E>, 'build'>>,
): StateSource;
export function entityStates<E extends ObjectLiteral>(
  state: new () => object,
  entity: new () => E,
  { build, where = 'true' }: EntityStateOptions<E> = {},
): StateSource {
  const make = build ?? ((row: E): object => (row as E & { state(): object }).state());
  return {
    state,
    count: (tx) => tx.createQueryBuilder(entity, 'e').where(where).getCount(),
    read: async (tx, { after, id, limit }, get) => {
      const { propertyName: key, type } = keyOf(tx.connection.getMetadata(entity));
      if (id !== undefined && type === 'uuid' && !isUUID(id)) return [];
      const query = tx
        .createQueryBuilder(entity, 'e')
        .where(where)
        .orderBy(`e.${key}`)
        .limit(limit)
        .setLock('pessimistic_read');
      if (after !== undefined) query.andWhere(`e.${key} > :after`, { after });
      if (id !== undefined) query.andWhere(`e.${key} = :id`, { id });
      return (await query.getMany()).map((row) => make(row, get));
    },
  };
}

/**
 * Finds state topics of the service without a source, or with more than one.
 * @throws Error naming them
 */
export function checkStates(service: string, sources: readonly StateSource[]): void {
  const declared = events().filter(({ state, topic }) => state && topic.service === service);
  const problems = [
    ...declared
      .filter(({ target }) => sources.filter((source) => source.state === target).length !== 1)
      .map(({ type }) => `${type} needs one source among the service's states, so that it can be published again`),
    ...sources
      .filter((source) => !declared.some(({ target }) => target === source.state))
      .map((source) => `${source.state.name} is no state of ${service}`),
  ];
  if (problems.length)
    throw new Error(`The service does not start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
}

/** The sources of a service, by topic. */
export class StateSources {
  private readonly byTopic: ReadonlyMap<string, StateSource>;

  constructor(sources: readonly StateSource[]) {
    this.byTopic = new Map(sources.map((source) => [eventOf(source.state).topic.name, source]));
  }

  get topics(): string[] {
    return [...this.byTopic.keys()];
  }

  of(topic: string): { source: StateSource; declaration: EventDeclaration } | undefined {
    const source = this.byTopic.get(topic);
    return source && { source, declaration: eventOf(source.state) };
  }
}

function keyOf(metadata: EntityMetadata): EntityMetadata['columns'][number] {
  const [key] = metadata.primaryColumns;
  if (!key) throw new Error(`${metadata.name} has no primary key`);
  return key;
}
