import { CounterReset, CounterState, CounterStepped } from '../testing/declarations.js';
import type { Transaction } from '../transaction.js';
import { ReactionGroup } from './reaction-group.js';
import { On, OnBatch, Reactions } from './reactions.js';
import type { Received } from './received.js';

/** What must not compile; the compiler fails the build when a line below does compile. */
export class WrongReactions {
  // @ts-expect-error another event's payload
  @On(CounterStepped) async other(_event: Received<CounterReset & { missing: string }>): Promise<void> {}

  // @ts-expect-error a state may be erased, so its handler must take null
  @On(CounterState) async state(_event: Received<CounterState>, _tx: Transaction): Promise<void> {}

  // @ts-expect-error a handler's work must be awaited
  @On(CounterReset) silent(_event: Received<CounterReset>): void {}
}

/** As above. */
export class WrongBatchReactions {
  // @ts-expect-error a batch handler takes a list
  @OnBatch(CounterStepped) async single(_event: Received<CounterStepped>): Promise<void> {}
}

@Reactions('crm.lab.steps')
class Steps {
  @On(CounterStepped) async step(_event: Received<CounterStepped>): Promise<void> {}
}

@Reactions('crm.lab.steps')
class Resets {
  @On(CounterReset) async reset(_event: Received<CounterReset>): Promise<void> {}
}

@Reactions('crm.lab.steps')
class SameSteps {
  @On(CounterStepped) async step(_event: Received<CounterStepped>): Promise<void> {}
}

@Reactions('crm.lab.nothing')
class NoEffects {}

describe('Reactions', () => {
  it('of several classes may share a group, whose topics are those of its events', () => {
    const groups = ReactionGroup.of([new Steps(), new Resets()]);
    expect(groups).toHaveLength(1);
    expect([...groups[0]!.handlers.keys()]).toEqual(['crm.lab.counter-stepped.v1', 'crm.lab.counter-reset.v1']);
    expect(groups[0]!.topics).toEqual(['crm.lab.counter.v1']);
  });

  it('have one handler for a type', () => {
    expect(() => ReactionGroup.of([new Steps(), new SameSteps()])).toThrow('handles crm.lab.counter-stepped.v1 twice');
  });

  it('need say nothing of the other events on their topics', () => {
    expect([...ReactionGroup.of([new Steps()])[0]!.handlers.keys()]).toEqual(['crm.lab.counter-stepped.v1']);
  });

  it('without a handler are a mistake', () => {
    expect(() => ReactionGroup.of([new NoEffects()])).toThrow('no @On');
  });

  it('have a group named in lower case, with dots and hyphens', () => {
    expect(() => Reactions('crm.Sales_intake')).toThrow('lower-case');
  });
});
