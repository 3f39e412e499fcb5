import 'reflect-metadata';
import { applyDecorators, Controller, SetMetadata } from '@nestjs/common';
import { events, type EventDeclaration } from '@quen/events';
import type { Transaction } from '../transaction.js';
import type { Received } from './received.js';

type EventClass<T extends object> = new () => T;

/**
 * What a handler of class `T` is given: a state (a class with a numeric `version`) may also be null, which means
 * erased.
 */
export type Delivered<T> = T extends { version: number } ? T | null : T;

/** One `@On` or `@OnBatch` of a reactions class. */
export interface Reaction {
  readonly event: EventClass<object>;
  readonly method: string;
  readonly batch: boolean;
}

/** Where a consumer begins that has never run before. */
export type StartFrom = 'earliest' | 'now';

export interface ReactionsOptions {
  /**
   * `earliest` (default): every fact ever published, for stores that are rebuilt from topics.
   * `now`: all state, but only the facts published from now on, for reactions with effects that must not be repeated
   * for history.
   */
  facts?: StartFrom;
}

/** What `@Reactions` says of a class. */
export interface ReactionsDeclaration {
  readonly group: string;
  readonly facts: StartFrom;
}

const groupKey = Symbol('quen:reactions');
const reactionsKey = Symbol('quen:on');

/**
 * Declares a class as the reactions of one consumer group. List it in the slice's `reactions`.
 * WARNING: the group is a constant. Renaming it makes a new consumer, which reads everything again.
 */
export function Reactions(group: string, options: ReactionsOptions = {}): ClassDecorator {
  if (!/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(group))
    throw new Error(`Consumer group ${group} may only hold lower-case letters, digits, dots and hyphens`);
  return applyDecorators(
    Controller(),
    SetMetadata(groupKey, {
      group,
      facts: options.facts ?? 'earliest',
    } satisfies ReactionsDeclaration),
  );
}

/** Calls the method with each event of this class, one at a time; its effects and outgoing events share `tx`. */
export function On<T extends object>(event: EventClass<T>) {
  return <H extends (event: Received<Delivered<T>>, tx: Transaction) => Promise<void>>(
    target: object,
    method: string,
    _descriptor: TypedPropertyDescriptor<H>,
  ): void => add(target, { event, method, batch: false });
}

/**
 * Calls the method with each run of consecutive events of this class in a slice, in order and at most 200. It is for
 * bulk effects, such as those of replicas. A method may take several classes, whose events then make one run. Take all
 * types that share rows with one such method. It locks the rows in one order. A call for each type would lock them in
 * the order of the topic, and two consumers would deadlock.
 */
export function OnBatch<T extends object>(event: EventClass<T>) {
  return <H extends (events: Received<Delivered<T>>[], tx: Transaction) => Promise<void>>(
    target: object,
    method: string,
    _descriptor: TypedPropertyDescriptor<H>,
  ): void => add(target, { event, method, batch: true });
}

/**
 * The same with the events of every declared type that `which` holds for. A type that is declared tomorrow is then
 * taken without a change here. It is for stores that are made from topics alone: a rebuild brings in the past of such a
 * type.
 */
export function OnBatchOf(which: (declaration: EventDeclaration) => boolean) {
  return <H extends (events: Received<never>[], tx: Transaction) => Promise<void>>(
    target: object,
    method: string,
    _descriptor: TypedPropertyDescriptor<H>,
  ): void => {
    for (const declaration of events().filter(which)) add(target, { event: declaration.target, method, batch: true });
  };
}

/** What `@Reactions` declared on the class, if it did. */
export function reactionsOf(target: object): ReactionsDeclaration | undefined {
  return Reflect.getMetadata(groupKey, target) as ReactionsDeclaration | undefined;
}

/** The handlers of a reactions class, its base classes' included. */
export function handlersOf(prototype: object): Reaction[] {
  return (Reflect.getMetadata(reactionsKey, prototype) as Reaction[] | undefined) ?? [];
}

function add(target: object, reaction: Reaction): void {
  const inherited = handlersOf(target);
  if (inherited.some((known) => known.event === reaction.event && known.method !== reaction.method)) {
    throw new Error(
      `${target.constructor.name} handles ${reaction.event.name} twice; one consumer group has one handler for a type`,
    );
  }
  Reflect.defineMetadata(
    reactionsKey,
    [...inherited.filter((known) => known.method !== reaction.method || known.event !== reaction.event), reaction],
    target,
  );
}
