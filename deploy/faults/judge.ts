import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@quen/events';
import type { Json } from '@quen/testing';
import { effects } from './effects.js';
import { finalVersion, type Ledger } from './ledger.js';
import type { FaultStack } from './stack.js';

export interface Judgement {
  /** when (`performance.now()`) every outbox was empty and every consumer at the end of its topics; undefined: later than allowed */
  drainedAt: number | undefined;
  /** effects that are missing or wrong */
  lost: number;
  /** effects that happened more often than they should */
  repeated: number;
  /** records that came out of order, after a gap or not at all */
  disorder: number;
  parked: number;
  /** each of the above in words, the first of each kind */
  findings: string[];
}

/** Topics on which every version of an aggregate is published, so that a gap is a loss. */
const everyVersion = new Set([
  'crm.customers.customer.state.v1',
  'crm.sales.order.state.v1',
  'crm.support.case.state.v1',
]);

/**
 * Waits until nothing is under way any more, then compares every effect with the ledger.
 * @param ledger whose lanes have ended
 * @param withinMs how long draining may take
 */
export async function judge(stack: FaultStack, ledger: Ledger, withinMs: number): Promise<Judgement> {
  const drainedAt = await untilDrained(stack, withinMs);
  const findings: string[] = [];
  if (drainedAt === undefined)
    findings.push(`not drained within ${withinMs / 1000} s: ${(await underWay(stack)).join('; ')}`);
  const { lost, repeated } = await compareEffects(stack, ledger, findings);
  const disorder = await compareOrder(stack, ledger, findings);
  let parked = 0;
  for (const service of stack.all) {
    const rows = await service.sql(`select consumer, error_class, error from inbox_parked where status = 'parked'`);
    parked += rows.length;
    if (rows[0])
      findings.push(`${service.name} parked ${rows.length}, the first for ${rows[0].error_class}: ${rows[0].error}`);
  }
  return { drainedAt, lost, repeated, disorder, parked, findings };
}

export async function untilDrained(stack: FaultStack, withinMs: number): Promise<number | undefined> {
  const began = performance.now();
  for (let quiet = 0; ; await sleep(quiet ? 50 : 250)) {
    // twice in a row: what a consumer takes last may publish something itself
    quiet = (await underWay(stack).catch((error) => [String(error)])).length ? 0 : quiet + 1;
    if (quiet === 2) return performance.now();
    if (performance.now() - began > withinMs) return undefined;
  }
}

/** What is still to be sent or read. */
async function underWay(stack: FaultStack): Promise<string[]> {
  const waiting: string[] = [];
  const bus = stack.services.customers.bus;
  const found = await Promise.all(
    stack.all.map(async (service) => ({
      name: service.name,
      outbox: (await service.sql('select count(*)::int as n from outbox'))[0].n,
      positions: await service.sql('select consumer, topic, part, next_offset::text as next from inbox_position'),
    })),
  );
  const ends = await bus.ends([...new Set(found.flatMap(({ positions }) => positions.map(({ topic }) => topic)))]);
  for (const { name, outbox, positions } of found) {
    if (outbox) waiting.push(`${name} has ${outbox} rows in its outbox`);
    const lags: Record<string, bigint> = {};
    for (const { consumer, topic, part, next } of positions) {
      const lag = (ends.get(topic)?.[part] ?? 0n) - BigInt(next);
      if (lag > 0n) lags[consumer] = (lags[consumer] ?? 0n) + lag;
    }
    for (const [consumer, lag] of Object.entries(lags)) waiting.push(`${consumer} is ${lag} behind`);
  }
  return waiting;
}

async function compareEffects(stack: FaultStack, { entries }: Ledger, findings: string[]) {
  let lost = 0;
  let repeated = 0;
  const ids = entries.map(({ customerId }) => customerId);
  for (const { title, service, sql, expected } of effects) {
    const target = stack.services[service];
    if (!target) continue;
    const rows = new Map((await target.sql(sql, [ids])).map(({ id, found }) => [id, found]));
    const wrong = entries.filter((entry) => (rows.get(entry.customerId) ?? 0) !== expected(entry));
    const more = wrong.filter((entry) => Number(rows.get(entry.customerId) ?? 0) > Number(expected(entry)));
    repeated += more.length;
    lost += wrong.length - more.length;
    if (wrong[0])
      findings.push(
        `${title}: ${wrong.length} of ${entries.length} differ, e.g. ${wrong[0].customerId} has ${rows.get(wrong[0].customerId) ?? 'nothing'} instead of ${expected(wrong[0])}`,
      );
  }
  return { lost, repeated };
}

/**
 * Per aggregate of the ledger the versions on each topic may only rise; a record that was sent again has the id of its
 * first occurrence, and only first occurrences count. What compaction would keep of a state, the last record, must be
 * the last version.
 */
async function compareOrder(stack: FaultStack, { entries }: Ledger, findings: string[]) {
  const published = topics().filter(
    ({ service, kind }) => stack.names.includes(service as Json) && (kind === 'facts' || kind === 'state'),
  );
  const states = new Set(published.filter(({ kind }) => kind === 'state').map(({ name }) => name));
  const ours = new Set(
    entries.flatMap(({ customerId, orderId, caseIds }) => [customerId, ...(orderId ? [orderId] : []), ...caseIds]),
  );
  const read: Map<string, { highest: number; last: number }> = new Map();
  const seen: Set<string> = new Set();
  const disorder: string[] = [];
  await stack.services.customers.bus.scan(
    published.map(({ name }) => name),
    ({ topic, key, headers }) => {
      if (!ours.has(key)) return;
      const version = Number(headers.ce_sequence);
      const aggregate = `${topic} ${key}`;
      const before = read.get(aggregate);
      const again = seen.has(`${topic} ${headers.ce_id}`);
      if (
        !again &&
        (version < (before?.highest ?? 0) || (everyVersion.has(topic) && version > (before?.highest ?? 0) + 1))
      )
        disorder.push(`${aggregate}: version ${version} came after ${before?.highest ?? 'nothing'}`);
      seen.add(`${topic} ${headers.ce_id}`);
      read.set(aggregate, { highest: Math.max(version, before?.highest ?? 0), last: version });
    },
  );
  for (const [aggregate, { highest, last }] of read) {
    if (states.has(aggregate.slice(0, aggregate.indexOf(' '))) && last < highest)
      disorder.push(`${aggregate}: the last record has version ${last}, though ${highest} was published`);
  }
  for (const [topic, expected] of [
    ['crm.customers.customer.state.v1', entries.map((entry) => [entry.customerId, finalVersion(entry)])],
    ['crm.sales.order.state.v1', entries.map(({ orderId, orderVersion }) => [orderId, orderVersion])],
  ] as const) {
    for (const [id, version] of expected) {
      const highest = read.get(`${topic} ${id}`)?.highest;
      if (id && highest !== version)
        disorder.push(`${topic} ${id}: version ${version} was due, ${highest ?? 'nothing'} was published`);
    }
  }
  findings.push(...disorder.slice(0, 3));
  return disorder.length;
}
