import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { context, newId } from '@quen/messaging';
import { Log } from '../operations/log.js';
import { countRuns, type RunOutcomes } from '../operations/metrics.js';
import { schedulesOf } from './every.js';

interface Schedule {
  readonly name: string;
  readonly seconds: number;
  readonly run: () => Promise<void>;
}

/**
 * How long a lease outlives its process. It is renewed while the method runs, so that a killed process holds nothing up
 * for long.
 */
const leaseSeconds = 30;

/**
 * Runs the `@Every` methods. The first process that claims a schedule that is due runs it, and a lease keeps others
 * away meanwhile.
 */
@Injectable()
export class Scheduler {
  private readonly owner = randomUUID();
  private readonly schedules = new Map<string, Schedule>();
  private readonly running = new Set<Promise<void>>();
  private timer?: NodeJS.Timeout;
  private ticking?: Promise<void>;
  private active = false;

  private readonly runs: RunOutcomes;

  constructor(
    private readonly dataSource: DataSource,
    private readonly discovery: DiscoveryService,
    private readonly log: Log,
    registry: Registry,
  ) {
    this.runs = countRuns(
      registry,
      'crm_schedule_runs_total',
      'Runs of scheduled work by outcome: succeeded or failed.',
    );
  }

  /** Finds the scheduled methods of all providers. @throws Error when two share a name */
  discover(): void {
    for (const { instance } of this.discovery.getProviders() as { instance: object | undefined }[]) {
      if (!instance || typeof instance !== 'object') continue;
      for (const { name, method, seconds } of schedulesOf(instance)) {
        if (this.schedules.has(name)) throw new Error(`Schedule ${name} is declared twice`);
        for (const outcome of ['succeeded', 'failed']) this.runs.inc({ name, outcome }, 0);
        this.schedules.set(name, {
          name,
          seconds,
          run: () => (instance as Record<string, () => Promise<void>>)[method]?.() ?? Promise.resolve(),
        });
      }
    }
  }

  /** Begins to run what is due. */
  async start(): Promise<void> {
    if (!this.schedules.size) return;
    await this.dataSource.query('insert into schedule (name) select unnest($1::text[]) on conflict do nothing', [
      [...this.schedules.keys()],
    ]);
    this.active = true;
    this.tick();
  }

  /** Stops; what runs is awaited for up to `withinMs`, then its lease ends by itself. */
  async stop(withinMs = 10_000): Promise<void> {
    this.active = false;
    clearTimeout(this.timer);
    await this.ticking;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([Promise.allSettled(this.running), deadline]);
    clearTimeout(timer);
  }

  private tick(): void {
    const shortest = Math.min(...[...this.schedules.values()].map((each) => each.seconds));
    const pauseMs = Math.min(Math.max(shortest * 250, 250), 5_000);
    this.ticking = this.runDue().catch((error: unknown) =>
      this.log.error({ event: 'schedules_unread', err: error }, 'schedules cannot be read'),
    );
    void this.ticking.finally(() => {
      if (this.active) this.timer = setTimeout(() => this.tick(), pauseMs).unref();
    });
  }

  private async runDue(): Promise<void> {
    const all = [...this.schedules.values()];
    const [due]: [{ name: string }[], number] = await this.dataSource.query(
      `update schedule s set lease_owner = $1, last_run_at = now(),
         next_run_at = greatest(s.next_run_at + make_interval(secs => d.seconds), now()),
         lease_until = now() + make_interval(secs => ${leaseSeconds})
       from unnest($2::text[], $3::int[]) as d(name, seconds)
       where s.name = d.name and s.next_run_at <= now() and s.lease_until < now()
       returning s.name`,
      [this.owner, all.map((each) => each.name), all.map((each) => each.seconds)],
    );
    for (const { name } of due) {
      const schedule = this.schedules.get(name);
      if (schedule) this.begin(schedule);
    }
  }

  private begin(schedule: Schedule): void {
    const work = context
      .run({ correlationId: newId(), scope: 'all' }, () => this.runOne(schedule))
      .finally(() => this.running.delete(work));
    this.running.add(work);
  }

  private async runOne(schedule: Schedule): Promise<void> {
    let failure: string | null = null;
    const renewal = setInterval(() => void this.renew(schedule.name), leaseSeconds * 333);
    try {
      await schedule.run();
    } catch (error) {
      failure = error instanceof Error ? error.name : 'error';
      this.log.error(
        { event: 'schedule_failed', schedule: schedule.name, err: error },
        'a schedule failed; it runs again when it is next due',
      );
    }
    clearInterval(renewal);
    this.runs.inc({ name: schedule.name, outcome: failure ? 'failed' : 'succeeded' });
    try {
      await this.dataSource.query(
        `update schedule set lease_until = '-infinity', last_error = $3 where name = $1 and lease_owner = $2`,
        [schedule.name, this.owner, failure],
      );
    } catch (error) {
      this.log.error(
        { event: 'schedule_lease_lost', schedule: schedule.name, err: error },
        'the lease of a schedule ends by itself',
      );
    }
  }

  private async renew(name: string): Promise<void> {
    await this.dataSource
      .query(
        'update schedule set lease_until = now() + make_interval(secs => $3) where name = $1 and lease_owner = $2',
        [name, this.owner, leaseSeconds],
      )
      .catch((error: unknown) =>
        this.log.warn(
          { event: 'schedule_lease_not_renewed', schedule: name, err: error },
          'the lease of a schedule could not be renewed',
        ),
      );
  }
}
