import { On, OnBatch, Reactions } from '../consuming/reactions.js';
import type { Received } from '../consuming/received.js';
import type { Transaction } from '../transaction.js';
import { CounterReset, CounterState, CounterStepped } from './declarations.js';

/** Writes one row for each step, so that repetition, loss and order can be seen. */
@Reactions('crm.lab.effects')
export class EffectReactions {
  /** Called before each effect, for a test to make it fail. */
  before: (event: Received<CounterStepped>) => void | Promise<void> = () => undefined;

  @On(CounterStepped)
  async step(event: Received<CounterStepped>, tx: Transaction): Promise<void> {
    await this.before(event);
    await tx.query(`insert into effect (event_id, counter_id, step) values ($1, $2, $3)`, [
      event.id,
      event.aggregateId,
      event.data.step,
    ]);
  }
}

/** The same in bulk. */
@Reactions('crm.lab.bulk-effects')
export class BulkEffectReactions {
  runs = 0;
  /** Called before each run, for a test to make it fail. */
  before: (events: readonly Received<CounterStepped>[]) => void = () => undefined;

  @OnBatch(CounterStepped)
  async step(events: Received<CounterStepped>[], tx: Transaction): Promise<void> {
    this.runs += 1;
    this.before(events);
    await tx.query(
      `insert into effect (event_id, counter_id, step) select e.id, e.counter, e.step from jsonb_to_recordset($1::jsonb) as e (n integer, id uuid, counter uuid, step integer) order by n`,
      [
        JSON.stringify(
          events.map(({ id, aggregateId, data }, n) => ({ n, id, counter: aggregateId, step: data.step })),
        ),
      ],
    );
  }
}

/** Notes the runs that it is given. */
@Reactions('crm.lab.runs')
export class RunReactions {
  readonly runs: string[][] = [];

  @OnBatch(CounterStepped)
  @OnBatch(CounterReset)
  async note(events: Received<CounterStepped | CounterReset>[], _tx: Transaction): Promise<void> {
    this.runs.push(events.map(({ type }) => type));
    return Promise.resolve();
  }
}

/** A replica of the counters, behind the version gate. */
@Reactions('crm.lab.replica')
export class ReplicaReactions {
  /** For tests only: false lets an older state overwrite a newer one. */
  constructor(private readonly gated = true) {}

  @OnBatch(CounterState)
  async copy(events: Received<CounterState | null>[], tx: Transaction): Promise<void> {
    for (const { aggregateId, version, data } of events) {
      if (data) {
        await tx.query(
          `insert into replica (counter_id, version, value) values ($1, $2, $3)
           on conflict (counter_id) do update set version = excluded.version, value = excluded.value ${this.gated ? 'where replica.version < excluded.version' : ''}`,
          [aggregateId, version, data.value],
        );
      } else
        await tx.query(
          `delete from replica where counter_id = $1 ${this.gated ? 'and version < $2' : 'and $2::integer is not null'}`,
          [aggregateId, version],
        );
    }
  }
}
