import type { DataSource } from 'typeorm';
import { newestOfEach, type Received, type Transaction } from '@quen/messaging';
import { replicaSql, type ReplicaSql } from './replica-sql.js';
import type { Firm, Replica, Taken } from './replica.js';

/** A row as a statement answers it: watched columns are named `before.…` and `now.…`. */
type Answer = Record<string, unknown> & { id: string; known?: boolean; knew?: boolean };

interface Version {
  readonly id: string;
  readonly version: number;
}

/**
 * The rows of one replica. States may come in any order, late and more than once: a row ends as the newest of them, and
 * an erased record ends without one.
 */
export class ReplicaRows {
  private readonly statements = new WeakMap<DataSource, ReplicaSql>();

  /** @param others version properties of the replicas that share its rows */
  constructor(
    readonly replica: Replica,
    private readonly others: readonly string[] = [],
  ) {}

  /**
   * Takes the newest state of each record in one statement, and forgets what was erased.
   * @returns what was news; empty when neither `derive` nor `after` asks for it
   */
  async take(tx: Transaction, events: Received<object | null>[], firm: Firm): Promise<Taken<unknown>[]> {
    const { replica } = this;
    const newest = newestOfEach(events);
    const sql = this.sql(tx);
    const gone = await this.erase(
      tx,
      newest.flatMap(({ aggregateId: id, version, data }) => (data ? [] : [{ id, version }])),
    );
    const rows = newest.flatMap(({ aggregateId: id, version, data }) =>
      data ? [{ id, version, values: replica.map(data, firm) }] : [],
    );
    if (replica.keepWhile !== undefined)
      rows.push(...gone.map((id) => ({ id, version: -1, values: replica.map(null, firm) })));
    const answers: Answer[] = [];
    if (rows[0]) {
      const { text, rowOf } = sql.take(rows[0].values);
      const json = JSON.stringify(rows.map(({ id, version, values }) => rowOf(id, version, values)));
      answers.push(...(await tx.query<Answer[]>(text, [json, replica.name])));
    }
    if (gone.length) {
      const [removed] = await tx.query<[Answer[], number]>(sql.remove, [gone]);
      if (replica.keepWhile === undefined) answers.push(...removed);
    }
    if (!replica.derive && !replica.after) return [];
    const because = new Map(newest.map(({ aggregateId, id }) => [aggregateId, id]));
    return merged(gone, answers).map((answer) => this.takenOf(answer, gone, because.get(answer.id) ?? null));
  }

  /** The rows of these ids as they are, as news that no event brought. */
  async asTheyAre(tx: Transaction, ids: readonly string[]): Promise<Taken<unknown>[]> {
    const rows = await tx.query<Answer[]>(this.sql(tx).read, [ids]);
    const erased = await tx.query<Version[]>(
      'select id, version from erased where state = $1 and id = any($2::uuid[])',
      [this.replica.name, ids],
    );
    const known = new Set(rows.map(({ id }) => id));
    const gone = erased.flatMap(({ id }) => (known.has(id) ? [] : [id]));
    return merged(ids, rows).map((answer) => this.takenOf(answer, gone, null));
  }

  private sql(tx: Transaction): ReplicaSql {
    const found = this.statements.get(tx.connection) ?? replicaSql(this.replica, this.others, tx.connection);
    this.statements.set(tx.connection, found);
    return found;
  }

  /** @returns the records that were not known to be erased before */
  private async erase(tx: Transaction, tombstones: readonly Version[]): Promise<string[]> {
    if (!tombstones.length) return [];
    const { erase } = this.sql(tx);
    const news = await tx.query<{ id: string }[]>(erase, [JSON.stringify(tombstones), this.replica.name]);
    return news.map(({ id }) => id);
  }

  private takenOf(answer: Answer, gone: readonly string[], becauseOf: string | null): Taken<unknown> {
    const watched = (as: string): Record<string, unknown> =>
      Object.fromEntries(this.replica.watch.map((property) => [property, answer[`${as}.${property}`]]));
    return {
      id: answer.id,
      becauseOf,
      erased: gone.includes(answer.id),
      before: answer.knew ? watched('before') : null,
      now: answer.known ? watched('now') : null,
    };
  }
}

/** The answers, with the ids of which there is none. */
function merged(ids: readonly string[], answers: readonly Answer[]): Answer[] {
  const answered = new Set(answers.map(({ id }) => id));
  return [...answers, ...ids.flatMap((id) => (answered.has(id) ? [] : [{ id }]))];
}
