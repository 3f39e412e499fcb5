import { eventOf, type EventDeclaration } from '@quen/events';
import type { Transaction } from '../transaction.js';
import { handlersOf, reactionsOf, type StartFrom } from './reactions.js';
import type { Received } from './received.js';

/** An event with any payload, as the dispatcher handles it; a reaction's own type is checked where it is declared. */
export type AnyReceived = Received<object | null>;

/** The handler of one event type in a group. */
export interface Handler {
  readonly declaration: EventDeclaration;
  readonly batch: boolean;
  /**
   * Called with one event, or with a run of them when `batch`. The same function for every type that one method takes,
   * whose events make one run.
   */
  readonly call: (events: AnyReceived[], tx: Transaction) => Promise<void>;
}

/** All reactions of one consumer group. */
export class ReactionGroup {
  readonly handlers = new Map<string, Handler>();

  constructor(
    readonly name: string,
    readonly facts: StartFrom = 'earliest',
  ) {}

  /** The groups of these instances of `@Reactions` classes; several classes may share one. */
  static of(instances: readonly object[]): ReactionGroup[] {
    const groups = new Map<string, ReactionGroup>();
    for (const instance of instances) {
      const declared = reactionsOf(instance.constructor);
      if (!declared) throw new Error(`${instance.constructor.name} is not declared with @Reactions`);
      const group = groups.get(declared.group) ?? new ReactionGroup(declared.group, declared.facts);
      if (group.facts !== declared.facts)
        throw new Error(`The classes of group ${declared.group} disagree on where facts start`);
      groups.set(declared.group, group);
      group.add(instance);
    }
    return [...groups.values()];
  }

  /** Topics to read, without the installation's namespace. */
  get topics(): string[] {
    return [...new Set([...this.handlers.values()].map(({ declaration }) => declaration.topic.name))].sort();
  }

  /** Those of them that hold state, which a new consumer reads before any fact. */
  get stateTopics(): Set<string> {
    return new Set(
      [...this.handlers.values()]
        .filter(({ declaration }) => declaration.state)
        .map(({ declaration }) => declaration.topic.name),
    );
  }

  private add(instance: object): void {
    const reactions = handlersOf(Object.getPrototypeOf(instance) as object);
    if (!reactions.length)
      throw new Error(`${instance.constructor.name} is declared with @Reactions but has no @On or @OnBatch`);
    const calls = new Map<string, Handler['call']>();
    for (const { event, method, batch } of reactions) {
      const declaration = eventOf(event);
      if (this.handlers.has(declaration.type)) throw new Error(`Group ${this.name} handles ${declaration.type} twice`);
      const bound = (
        instance as Record<
          string,
          (argument: AnyReceived | AnyReceived[] | undefined, tx: Transaction) => Promise<void>
        >
      )[method];
      if (!bound) throw new Error(`${instance.constructor.name}.${method} is no method`);
      const call =
        calls.get(method) ??
        ((events: AnyReceived[], tx: Transaction): Promise<void> =>
          bound.call(instance, batch ? events : events[0], tx));
      calls.set(method, call);
      this.handlers.set(declaration.type, { declaration, batch, call });
    }
  }
}
