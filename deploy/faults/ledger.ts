import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gateway } from './gateway.js';
import type { Random } from './random.js';
import type { FaultStack, ServiceName } from './stack.js';

/** What was acknowledged of one customer, and so must have had its effects. */
export interface Entry {
  customerId: string;
  /** of the customer after the last acknowledged write */
  version: number;
  /** as last acknowledged */
  displayName: string;
  /** how many changes of the customer were acknowledged */
  corrections: number;
  /** whether `version` holds the move of the customer's stage, which follows the confirmed order by itself */
  moved: boolean;
  orderId?: string;
  orderVersion: number;
  confirmed: boolean;
  /** of the order, in đồng */
  amount: number;
  payments: number[];
  caseIds: string[];
}

/** a customer whose story is not over */
type Open = { entry: Entry | undefined; name: string; step: number; updatesLeft: number; notBefore: number };

/**
 * So many customers of one lane wait for other services at the same time; with more the lane goes on correcting those.
 */
const openAtOnce = 6;
const corrections = 4;

/**
 * Writes to the gateways and keeps what was acknowledged: the judge's only source, which asks nothing of the services
 * about themselves. A write whose answer was lost is sent again under the same key until it is answered.
 */
export class Ledger {
  readonly rate: number;
  readonly lanes: number;
  readonly patienceMs: number;
  readonly gateway: Gateway;

  entries: Entry[] = [];
  /** Writes that were acknowledged. */
  acknowledged = 0;
  /** Longest time from the first try of a write to its acknowledgement, in milliseconds. */
  slowest = 0;
  #until = Infinity;
  #began = 0;
  /** writes and time when it was asked to stop */
  #stopped: [number, number] | undefined;
  #amounts = 0;
  #lanes: Promise<void>[] = [];

  /**
   * @param load writes a second that are aimed at, by so many at the same time; a write that is not acknowledged for
   * `patienceMs` ends the run
   */
  constructor(
    readonly stack: FaultStack,
    readonly random: Random,
    { rate = 60, lanes = 8, patienceMs = 120_000 }: { rate?: number; lanes?: number; patienceMs?: number } = {},
  ) {
    this.rate = rate;
    this.lanes = lanes;
    this.patienceMs = patienceMs;
    this.gateway = new Gateway(stack.ground.branchId);
  }

  /** Answers that were no acknowledgement, by what they were: a status, `refused` or `cut`. */
  get answers() {
    return this.gateway.answers;
  }

  /** Answers that no fault excuses: a 5xx other than 503, or that the request itself was wrong. */
  get wrong() {
    return this.gateway.wrong;
  }

  /** Acknowledged writes a second, from the start until it was asked to stop. */
  get achieved() {
    const [writes, until] = this.#stopped ?? [this.acknowledged, performance.now()];
    return (writes * 1000) / (until - this.#began);
  }

  start() {
    this.#began = performance.now();
    this.#lanes = Array.from({ length: this.lanes }, (_, lane) =>
      this.#lane(lane).catch((error) => {
        this.wrong.push(error instanceof Error ? error.message : String(error));
      }),
    );
  }

  /** Lets every lane finish what it began, so that each story is whole; at the pace that the services allow. */
  async stop() {
    this.#until = performance.now();
    this.#stopped = [this.acknowledged, this.#until];
    await Promise.all(this.#lanes);
  }

  async #lane(lane: number) {
    let open: Open[] = [];
    const every = (1000 * this.lanes) / this.rate;
    let due = performance.now() + (every * lane) / this.lanes;
    for (let n = 0; ; open = open.filter((each) => each.step < steps.length)) {
      const now = performance.now();
      if (now > this.#until && !open.length) return;
      // what another service should have heard long ago is lost
      if (now > this.#until + this.patienceMs)
        throw new Error(`Customer ${open[0]?.entry?.customerId} gets no further than ${steps[open[0]?.step ?? 0]}`);
      if (now < this.#until) {
        if (due > now) await sleep(due - now);
        // after a fault the lane does not hurry to catch up
        due = Math.max(due + every, performance.now() - 1000);
      }
      let story = open.find((each) => each.notBefore <= performance.now());
      if (!story && open.length < openAtOnce && now < this.#until)
        open.push(
          (story = { entry: undefined, name: `${lane}-${n++}`, step: 0, updatesLeft: corrections, notBefore: 0 }),
        );
      if (story) await this.#advance(story);
      else if (now < this.#until) await this.#correct(this.random.pick(open).entry as Entry);
      else await sleep(50);
    }
  }

  async #advance(story: Open) {
    if (story.entry && story.updatesLeft > 0 && this.random() < 0.5) {
      story.updatesLeft--;
      return this.#correct(story.entry);
    }
    const step = steps[story.step] as (typeof steps)[number];
    const done = await this[step](story);
    if (done) story.step++;
    else story.notBefore = performance.now() + 300;
  }

  async register(story: Open) {
    const displayName = `Khách ${story.name}`;
    const { body } = await this.#write('customers', 'POST', '/v1/customers', {
      displayName,
      branchId: this.stack.ground.branchId,
      emails: [`khach-${randomUUID()}@example.vn`],
    });
    story.entry = {
      customerId: body.id,
      version: body.version,
      displayName,
      corrections: 0,
      moved: false,
      orderVersion: 0,
      confirmed: false,
      amount: 0,
      payments: [],
      caseIds: [],
    };
    this.entries.push(story.entry);
    return true;
  }

  /** A cheap change of the same customer. */
  async #correct(entry: Entry) {
    const displayName = `Khách ${entry.customerId.slice(-6)} lần ${entry.version}`;
    const { body } = await this.#write(
      'customers',
      'PATCH',
      `/v1/customers/${entry.customerId}`,
      { displayName },
      entry.version,
      [],
      movesOf(entry),
    );
    if (body.version > entry.version + 1) entry.moved = true;
    entry.version = body.version;
    entry.displayName = displayName;
    entry.corrections++;
  }

  /** Sales has to hear of the customer first; until then it refuses, which is no fault. */
  async draft({ entry }: Open) {
    if (!entry) return false;
    const amount = 100_000 + 1_000 * this.#amounts++;
    const line = {
      productId: this.stack.ground.productId,
      quantity: '1',
      amount: { amount: String(amount), currency: 'VND' },
    };
    const answer = await this.#write(
      'sales',
      'POST',
      '/v1/orders',
      { customerId: entry.customerId, lines: [line] },
      undefined,
      [409],
    );
    if (answer.status >= 400) return false;
    Object.assign(entry, { orderId: answer.body.id, orderVersion: answer.body.version, amount });
    return true;
  }

  async confirm({ entry }: Open) {
    if (!entry) return false;
    entry.orderVersion = (
      await this.#write('sales', 'POST', `/v1/orders/${entry.orderId}/confirm`, undefined, entry.orderVersion)
    ).body.version;
    return (entry.confirmed = true);
  }

  async deposit({ entry }: Open) {
    return entry ? this.#pay(entry, 60_000) : false;
  }

  async settle({ entry }: Open) {
    return entry ? this.#pay(entry, entry.amount - 60_000) : false;
  }

  async #pay(entry: Entry, amount: number) {
    const { body } = await this.#write(
      'sales',
      'POST',
      `/v1/orders/${entry.orderId}/payments`,
      { amount: { amount: String(amount), currency: 'VND' }, method: 'cash', reference: randomUUID() },
      entry.orderVersion,
    );
    entry.orderVersion = body.version;
    entry.payments.push(amount);
    return true;
  }

  /** Where support runs, the customer has a question. */
  async ask({ entry }: Open) {
    if (!entry || !this.stack.services.support) return true;
    const answer = await this.#write(
      'support',
      'POST',
      '/v1/cases',
      {
        customerId: entry.customerId,
        subject: 'Lõi lọc',
        kind: 'question',
        severity: 'low',
        category: 'filter',
        channel: 'call',
      },
      undefined,
      [409],
    );
    if (answer.status >= 400) return false;
    entry.caseIds.push(answer.body.id);
    return true;
  }

  /**
   * @param notYet answers that mean that it is too early
   * @param moves versions that events may have added
   */
  async #write(
    service: ServiceName,
    method: 'POST' | 'PATCH',
    path: string,
    body: unknown,
    version?: number,
    notYet: number[] = [],
    moves: number = 0,
  ) {
    const target = this.stack.services[service];
    if (!target) throw new Error(`${service} does not run`);
    const began = performance.now();
    const answer = await this.gateway.write(target, {
      method,
      path,
      body,
      version,
      notYet,
      moves,
      patienceMs: this.patienceMs,
    });
    if (answer.status < 300) {
      this.acknowledged++;
      this.slowest = Math.max(this.slowest, performance.now() - began);
    }
    return answer;
  }
}

/** Versions that the customer's stage is still to add: it moves once, as every story has one order. */
function movesOf({ confirmed, moved }: Entry) {
  return confirmed && !moved ? 1 : 0;
}

/** The version of the customer when every effect has arrived. */
export function finalVersion(entry: Entry) {
  return entry.version + movesOf(entry);
}

/** A customer's story, step by step; corrections come in between. */
const steps = ['register', 'draft', 'confirm', 'deposit', 'settle', 'ask'] as const;
