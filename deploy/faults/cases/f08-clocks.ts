import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { topics } from '@quen/events';
import { clockOff, type Json } from '@quen/testing';
import { judge } from '../judge.js';
import { Ledger } from '../ledger.js';
import type { FaultCase } from '../run-case.js';
import { fewServices, type FaultStack } from '../stack.js';

const hour = 3_600_000;
const folder = join(tmpdir(), `quen-clocks-${process.pid}`);
/** A time that lies this near to one of the clocks was not told by the database. */
const suspicious = 15 * 60_000;
const waves = 8;
/**
 * Hours by which a clock is off. One hour ahead is not among them: there lies the next run of an hourly schedule, told
 * by the database.
 */
const offsets = [-3, -1, 0, 2, 3];

const faultCase: FaultCase = {
  id: 'F8',
  title: 'clocks of the services 3 h ahead and behind, and jumping back',
  needs: {
    services: fewServices,
    env: {
      QUEN_TEST_CLOCKS: folder,
      ...clockOff(0),
    },
  },
  long: { seconds: 120, rate: 60, lanes: 8 },
  control: {
    title: 'a table takes its time from a clock that is 3 h ahead',
    durations: { seconds: 10, rate: 30, lanes: 4 },
  },
  async run({ stack, random, durations, control, report }) {
    const began = await leases(stack);
    const ledger = new Ledger(stack, random, durations);
    // a service 3 h ahead holds an ordinary token to be expired, and one 3 h behind holds it to be of the future, as
    // they must; these live long enough for either clock
    ledger.gateway.actor.expiresIn = 10 * 3600;
    ledger.gateway.actor.claims = { iat: Math.floor((Date.now() - 4 * hour) / 1000) };
    mkdirSync(folder, { recursive: true });
    const set = (name: string, hours: number) => writeFileSync(join(folder, name), String(hours * hour));
    try {
      if (control)
        await stack.services.customers.sql(
          `alter table inbox alter column processed_at set default clock_timestamp() + interval '3 hours'`,
        );
      ledger.start();
      for (let wave = 0; wave < waves; wave++) {
        // neighbours on either side, then the other way round: jumps of 6 h, half of them backwards; every third time
        // anywhere
        for (const [n, name] of stack.names.entries())
          set(name, wave % 3 === 2 ? random.pick(offsets) : (wave + n) % 2 ? 3 : -3);
        await sleep((durations.seconds * 1000) / waves);
      }
      await ledger.stop();
      const stopped = performance.now();
      report.judged(await judge(stack, ledger, 120_000), ledger, {
        since: stopped,
        withinSeconds: 60,
        of: 'the last write',
      });
    } finally {
      for (const name of stack.names) set(name, 0);
    }
    await sleep(300);
    report.note(`slowest write ${(ledger.slowest / 1000).toFixed(1)} s`);
    const changes = (await leases(stack)).filter((lease, n) => lease !== began[n]);
    report.expect(!changes.length, `${changes.length} leases changed hands: ${changes.slice(0, 3).join(', ')}`);
    report.broken.push(...(await strangeTimes(stack)));
    rmSync(folder, { recursive: true, force: true });
  },
};
export default faultCase;

/** How often each shard of every service has changed hands. */
async function leases(stack: FaultStack): Promise<string[]> {
  const rows = await Promise.all(
    stack.all.map(async (service) =>
      (await service.sql('select shard, epoch::int from outbox_lease order by shard')).map(
        ({ shard, epoch }) => `${service.name}/${shard} epoch ${epoch}`,
      ),
    ),
  );
  return rows.flat();
}

/** Columns and records with times that a shifted clock has told. */
async function strangeTimes(stack: FaultStack): Promise<string[]> {
  const findings: string[] = [];
  const windows = offsets.filter((hours) => hours !== 0).map((hours) => hours * hour);
  for (const service of stack.all) {
    const columns = await service.sql(
      `select table_name, column_name from information_schema.columns where table_schema = current_schema() and data_type like 'timestamp%'`,
    );
    for (const { table_name: table, column_name: column } of columns) {
      const [{ n }] = await service.sql(
        `select count(*)::int as n from "${table}" where "${column}" > '-infinity' and exists (
        select 1 from unnest($1::bigint[]) as w (ms) where abs(extract(epoch from "${column}" - clock_timestamp()) * 1000 - w.ms) < $2)`,
        [windows, suspicious],
      );
      if (n) findings.push(`${service.name}: ${n} rows of ${table}.${column} hold a time of a shifted clock`);
    }
  }
  const published = topics()
    .filter(({ service, kind }) => stack.names.includes(service as Json) && kind !== 'audit')
    .map(({ name }) => name);
  let strange = 0;
  await stack.services.customers.bus.scan(published, ({ headers }) => {
    const away = Date.parse(headers.ce_time ?? '') - Date.now();
    if (windows.some((window) => Math.abs(away - window) < suspicious)) strange++;
  });
  if (strange) findings.push(`${strange} records on the topics carry a time of a shifted clock`);
  return findings;
}
