import { eventually } from '@quen/testing';
import { newId } from '../ids.js';
import type { OutgoingRecord, Sender } from '../kafka/port.js';
import { defaultTuning } from '../settings.js';
import { CounterState, CounterStepped } from '../testing/declarations.js';
import { Lab } from '../testing/lab.js';
import { EffectReactions } from '../testing/reactions.js';
import { inTransaction } from '../transaction.js';
import { Leases } from './leases.js';
import { Relay, type RelayGuards } from './relay.js';

const quick = { leaseTtlMs: 1_500, leaseRenewMs: 200, pollMaxMs: 50 };

/** A client whose sends can be held up, as a network or a stopped process does. */
class SlowKafka {
  readonly sent: OutgoingRecord[] = [];
  private gate: Promise<void> = Promise.resolve();
  private opened: () => void = () => undefined;
  waiting = 0;

  constructor(private readonly log: OutgoingRecord[]) {}

  shut(): void {
    this.gate = new Promise((resolve) => (this.opened = resolve));
  }

  open(): void {
    this.opened();
  }

  async sender(): Promise<Sender> {
    return {
      send: async (records) => {
        this.waiting += 1;
        await this.gate;
        this.waiting -= 1;
        this.log.push(...records);
      },
      close: async () => undefined,
    };
  }
}

describe('Relays of one service', () => {
  let lab: Lab;

  beforeEach(async () => {
    lab = await Lab.open();
  });
  afterEach(() => lab.close());

  /** Commits `count` steps of each of some counters, from several connections at once. */
  async function commit(counters: string[], count: number): Promise<void> {
    const events = lab.events();
    await lab.db.query(`insert into counter (id, version) select unnest($1::uuid[]), 0 on conflict do nothing`, [
      counters,
    ]);
    const writer = async (mine: string[]): Promise<void> => {
      for (let n = 1; n <= count; n += 1) {
        for (const id of mine) {
          await inTransaction(lab.db, async (tx) => {
            const [[row]] = await tx.query<[{ version: number }[]]>(
              `update counter set version = version + 1 where id = $1 returning version`,
              [id],
            );
            await events.publish(
              tx,
              row!,
              Object.assign(new CounterStepped(), { counterId: id, step: row!.version, note: '' }),
            );
          });
        }
      }
    };
    await Promise.all(Array.from({ length: 4 }, (_, w) => writer(counters.filter((_id, n) => n % 4 === w))));
  }

  /** One relay is held up in the middle of a send while another runs beside it. */
  async function stepsOnTheWire(guards: RelayGuards): Promise<{ total: number; disordered: number }> {
    const log: OutgoingRecord[] = [];
    const slow = new SlowKafka(log);
    const [held, other] = [slow, new SlowKafka(log)].map(
      (kafka) =>
        new Relay(
          lab.db,
          kafka as unknown as typeof lab.kafka,
          { ...defaultTuning, ...quick, relayBatch: 20 },
          lab.metrics,
          undefined,
          guards,
        ),
    ) as [Relay, Relay];
    const counters = Array.from({ length: 12 }, newId);
    try {
      slow.shut();
      await commit(counters, 20);
      held.start();
      await eventually(() => expect(slow.waiting).toBe(1));
      other.start();
      await commit(counters, 20);
      if (!guards.leases) await eventually(() => expect(log).toHaveLength(480));
      slow.open();
      await eventually(async () => expect(await lab.db.query(`select 1 from outbox limit 1`)).toEqual([]));
    } finally {
      slow.open();
      await Promise.all([held.stop(), other.stop()]);
    }
    let disordered = 0;
    for (const id of counters) {
      const steps = log
        .filter(({ key }) => key === id)
        .map(({ value }) => (JSON.parse(value!) as { step: number }).step);
      disordered += steps.filter((step, n) => n > 0 && step < steps[n - 1]!).length;
    }
    return { total: log.length, disordered };
  }

  it('keep the order per aggregate and send everything once', async () => {
    expect(await stepsOnTheWire({ leases: true, resend: true })).toEqual({ total: 480, disordered: 0 });
  });

  it('would break it without leases, which is what this test must be able to see', async () => {
    const { total, disordered } = await stepsOnTheWire({ leases: false, resend: true });
    expect(total).toBeGreaterThan(480);
    expect(disordered).toBeGreaterThan(0);
  });

  it('take over the shards of one that died, and at once those of one that stopped', async () => {
    const dead = new Leases(lab.db, newId(), 1_000, 60_000);
    await dead.renew();
    const relay = lab.relay(undefined, quick);
    const reactions = new EffectReactions();
    lab.consumer(reactions);
    const id = newId();
    await commit([id], 3);
    await eventually(async () => expect((await lab.effects()).get(id)).toEqual([1, 2, 3]));
    await relay.stop();
    const [{ free }] = await lab.db.query<[{ free: number }]>(
      `select count(*)::integer as free from outbox_lease where owner is null`,
    );
    expect(free).toBe(16);
  });

  /** A state is sent, held up past its lease, and lands after the newer one of the shard's next owner. */
  async function lateState(guards: RelayGuards): Promise<number[]> {
    const id = newId();
    const log: OutgoingRecord[] = [];
    const slow = new SlowKafka(log);
    const publish = (version: number): Promise<void> =>
      inTransaction(lab.db, (tx) =>
        lab
          .events()
          .publish(tx, { version }, Object.assign(new CounterState(), { counterId: id, version, value: version })),
      );
    const relayOn = (kafka: SlowKafka, tuning = quick): Relay =>
      new Relay(
        lab.db,
        kafka as unknown as typeof lab.kafka,
        { ...defaultTuning, ...tuning },
        lab.metrics,
        undefined,
        guards,
      );

    // Stopped in the middle of a send, and with it its lease's renewal.
    const zombie = relayOn(slow, { ...quick, leaseRenewMs: 3_600_000 });
    slow.shut();
    await publish(1);
    zombie.start();
    await eventually(() => expect(slow.waiting).toBe(1));
    const heir = relayOn(new SlowKafka(log));
    heir.start();
    await eventually(() => expect(log.map(({ headers }) => headers['ce_sequence'])).toContain('1'));
    await publish(2);
    await eventually(() => expect(log.at(-1)?.headers['ce_sequence']).toBe('2'));
    slow.open();
    try {
      await eventually(() => expect(log.filter(({ headers }) => headers['ce_sequence'] === '1')).toHaveLength(2));
      if (guards.resend) await eventually(() => expect(log.at(-1)?.headers['ce_sequence']).toBe('2'));
      else
        await eventually(async () =>
          expect(await lab.db.query(`select 1 from outbox_lease where resend`)).not.toEqual([]),
        );
    } finally {
      await zombie.stop();
      await heir.stop();
    }
    return log.map(({ headers }) => Number(headers['ce_sequence']));
  }

  it('leave the newest state last on a compacted topic, even when a stopped relay wakes up late', async () => {
    expect((await lateState({ leases: true, resend: true })).at(-1)).toBe(2);
  });

  it('would leave an old state last without sending again, which is what this test must be able to see', async () => {
    expect((await lateState({ leases: true, resend: false })).at(-1)).toBe(1);
  });
});
