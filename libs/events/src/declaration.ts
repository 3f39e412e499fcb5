import 'reflect-metadata';
import type { Topic } from './topic.js';

type Constructor<T extends object = object> = new () => T;

/** A text in each language of the people who read it. */
export type Texts = Readonly<Record<'en' | 'vi', string>>;

/** How much a payload says about a person; goes out as the header `ce_dataclass`. */
export type DataClass = 'none' | 'basic' | 'sensitive';

/** What `@Event` or `@State` says of a class. */
export interface EventDeclaration {
  /** CloudEvents type, e.g. `crm.sales.opportunity-won.v1`. */
  readonly type: string;
  /** Name without version, e.g. `crm.sales.opportunity-won`. */
  readonly name: string;
  readonly version: number;
  readonly topic: Topic;
  /** The payload's field that holds the aggregate's id, which is the record's key. */
  readonly key: string;
  readonly dataClass: DataClass;
  /** True for the full current state of an aggregate, false for a fact. */
  readonly state: boolean;
  readonly target: Constructor;
  /** What a timeline says of it. */
  readonly tells?: Texts;
}

interface DeclarationOptions<K extends string> {
  version: number;
  topic: Topic;
  key: K;
  dataClass?: DataClass;
}

interface FactOptions<K extends string> extends DeclarationOptions<K> {
  /**
   * What a timeline says of it; a fact with a `customerId` needs it. `{field}` is filled from the payload, and what
   * stands in brackets is left out with its field.
   */
  tells?: Texts;
}

const byType = new Map<string, EventDeclaration>();
const byTarget = new Map<unknown, EventDeclaration>();

function declare(name: string, type: string, options: FactOptions<string>, state: boolean, target: Constructor): void {
  if (byType.has(type)) throw new Error(`Event ${type} is declared twice`);
  if ((options.topic.kind === 'state') !== state)
    throw new Error(`${type} is declared on ${options.topic.name}, which is a ${options.topic.kind} topic`);
  const declaration: EventDeclaration = {
    type,
    name,
    version: options.version,
    topic: options.topic,
    key: options.key,
    dataClass: options.dataClass ?? 'none',
    state,
    target,
    ...(options.tells ? { tells: options.tells } : {}),
  };
  byType.set(type, declaration);
  byTarget.set(target, declaration);
}

/**
 * Declares a fact: something that happened to one aggregate, named in the past tense.
 * `key` must be a text field of the class: the aggregate's id.
 */
export function Event<K extends string>(name: string, options: FactOptions<K>) {
  return <T extends Record<K, string>>(target: Constructor<T>): void =>
    declare(name, `${name}.v${options.version}`, options, false, target);
}

/**
 * Declares the full current public state of one aggregate, the value of a compacted topic.
 * The class needs `version`, the aggregate's row version, by which replicas refuse what is older than they have.
 */
export function State<K extends string>(name: string, options: DeclarationOptions<K>) {
  return <T extends Record<K, string> & { version: number }>(target: Constructor<T>): void =>
    declare(name, `${name}-state.v${options.version}`, options, true, target);
}

/**
 * The declaration of an event class or of an instance.
 * @throws Error when the class was never declared: a programming error.
 */
export function eventOf(message: object): EventDeclaration {
  const target: unknown = typeof message === 'function' ? message : message.constructor;
  const declaration = byTarget.get(target);
  if (!declaration)
    throw new Error(`${String((target as { name?: string }).name)} is not declared with @Event or @State`);
  return declaration;
}

/** The declaration of a CloudEvents type, or undefined for a type that this version of the contracts does not know. */
export function eventByType(type: string): EventDeclaration | undefined {
  return byType.get(type);
}

/** Every declared fact and state. */
export function events(): EventDeclaration[] {
  return [...byType.values()];
}

type Nullable<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | null : T[K] };
type DataKeys<T> = { [K in keyof T]: T[K] extends (...args: never[]) => unknown ? never : K }[keyof T];

/** The fields of a payload class; an optional field may be given as null, which leaves it out. */
export type Fields<T> = Nullable<Pick<T, DataKeys<T>>>;

/** Builds a payload; null and undefined fields are left out, as an absent field is how the wire says "unknown". */
export function build<T extends object>(target: Constructor<T>, fields: Fields<T>): T {
  const payload = new target();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined) Reflect.set(payload, name, value);
  }
  return payload;
}
