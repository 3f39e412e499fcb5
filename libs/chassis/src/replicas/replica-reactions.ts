import { Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { Clock } from '../database/clock.js';
import { ReplicaRows } from './replica-rows.js';
import type { Get, Replica } from './replica.js';

/** What fills the replicas of one consumer group. */
@Injectable()
export class ReplicaConsumer {
  constructor(
    private readonly modules: ModuleRef,
    private readonly clock: Clock,
  ) {}

  /** Takes a batch of states; business hears of it unless the store is only being made anew. */
  protected async take(
    rows: ReplicaRows,
    events: Received<object | null>[],
    tx: Transaction,
    rebuilding: boolean,
  ): Promise<void> {
    const { replica } = rows;
    const get: Get = (type) => this.modules.get(type, { strict: false });
    if (!rebuilding) await replica.before?.(tx, get);
    const taken = await rows.take(tx, events, this.clock);
    if (!taken.length) return;
    const touched = replica.derive ? ((await replica.derive(taken, tx, get)) ?? []) : taken;
    if (!rebuilding && touched.length) await replica.after?.(touched, tx, get);
  }
}

type Take = (this: ReplicaConsumer, events: Received<object | null>[], tx: Transaction) => Promise<void>;

/**
 * The consumers of a service's replicas, one class for each group.
 * @param rebuilding true where the store is made anew: business hears of nothing
 */
export function replicaReactionsOf(replicas: readonly Replica[], rebuilding: boolean): Type<ReplicaConsumer>[] {
  checkReplicas(replicas);
  const groups = Map.groupBy(replicas, ({ group }) => group);
  return [...groups].map(([group, members]) => {
    class Consumer extends ReplicaConsumer {}
    for (const { rows, replica } of members.map((member) => ({ replica: member, rows: rowsOf(member, replicas) }))) {
      const method = `take${replica.state.name}`;
      const value: Take = function (events, tx) {
        return this.take(rows, events, tx, rebuilding);
      };
      Object.defineProperty(Consumer.prototype, method, { value });
      OnBatch(replica.state)(Consumer.prototype, method, { value });
    }
    Reactions(group)(Consumer);
    return Consumer;
  });
}

/** The rows of a replica among all of its service. */
export function rowsOf(replica: Replica, replicas: readonly Replica[]): ReplicaRows {
  const others = replicas.filter((other) => other !== replica && other.table === replica.table);
  return new ReplicaRows(
    replica,
    others.map(({ version }) => version),
  );
}

/** @throws Error for replicas that would hinder each other */
function checkReplicas(replicas: readonly Replica[]): void {
  for (const [index, { name, table, keepWhile, version }] of replicas.entries()) {
    const earlier = replicas.slice(0, index);
    if (earlier.some((other) => other.name === name))
      throw new Error(`${name} has two replicas; what was erased is kept once`);
    const sharing = earlier.filter((other) => other.table === table);
    if (sharing.some((other) => other.keepWhile === undefined || keepWhile === undefined))
      throw new Error(`${table} has several replicas, so each is a sharedReplica`);
    if (sharing.some((other) => other.version === version))
      throw new Error(`${table} has several replicas, so each has a version of its own`);
  }
}
