import { readFileSync, writeFileSync } from 'node:fs';
import { account } from './account.js';
import { WrongUse, type Wish } from './arguments.js';
import type { Gateway, Json } from './gateway.js';
import { cancel, follow, inShort, outcomeOf } from './jobs.js';
import { ago, count, table } from './table.js';

/** What came of a command: the gateway's answer, the same for people, and whether something of it failed. */
export type Outcome = { answer: Json; text: string; failed?: boolean };

const performers: Record<string, (gateway: Gateway, wish: Wish) => Promise<Outcome>> = {
  consumers,
  outbox,
  parked,
  show,
  repair,
  replay,
  reread,
  skip,
  pause,
  resume,
  reset,
  republish,
  rebuild,
  job: follow,
  jobs,
  cancel,
  operations,
};

export function perform(gateway: Gateway, wish: Wish): Promise<Outcome> {
  return (performers[wish.command] as (gateway: Gateway, wish: Wish) => Promise<Outcome>)(gateway, wish);
}

async function consumers(gateway: Gateway, { options }: Wish): Promise<Outcome> {
  const answer = await gateway.get('bus/consumers');
  const rows = answer.data.map((each: Json) => [
    each.consumer,
    each.lag,
    each.parked.records,
    each.parked.keys,
    standing(each),
    each.paused ? `${each.paused.reason} (${ago(each.paused.at)})` : '',
  ]);
  const text = [table(['consumer', 'lag', 'parked', 'keys', 'state', 'paused because'], rows, 'no consumers')];
  if (options.partitions) {
    text.push(
      '',
      table(
        ['consumer', 'topic', 'partition', 'position', 'end', 'lag', 'moved', 'held'],
        answer.data.flatMap(({ consumer, partitions }: Json) =>
          partitions.map((each: Json) => [
            consumer,
            each.topic,
            each.partition,
            each.position,
            each.end,
            each.lag,
            ago(each.movedAt),
            each.held,
          ]),
        ),
        'no partitions yet',
      ),
    );
  }
  return { answer, text: text.join('\n') };
}

function standing({ declared, paused, lag, partitions }: Json) {
  const held = [
    ...new Set(partitions.map((each: Json) => each.held).filter((each: string | null) => each && each !== 'operator')),
  ];
  if (!declared) return 'no longer declared';
  if (paused) return 'paused';
  if (held.length) return `held: ${held.join(', ')}`;
  return lag === null ? 'the brokers do not answer' : 'reads';
}

async function outbox(gateway: Gateway): Promise<Outcome> {
  const answer = await gateway.get('bus/outbox');
  const leases = table(
    ['relay', 'shards', 'lease until'],
    answer.leases.map(({ owner, shards, expiresAt }: Json) => [owner ?? 'nobody', shards.join(' '), expiresAt]),
    'no shards',
  );
  return {
    answer,
    text: `${answer.waiting} waiting${answer.waiting ? `, the oldest for ${answer.oldestSeconds.toFixed(1)} s` : ''}\n${leases}`,
  };
}

async function parked(gateway: Gateway, { options }: Wish): Promise<Outcome> {
  const listed =
    options.list || ['key', 'topic', 'error', 'since', 'until', 'status', 'limit'].some((name) => options[name]);
  if (!listed) {
    const answer = await gateway.get('bus/parked/summary', { consumer: optional(options.consumer) });
    if (!answer.records) return { answer, text: 'nothing is parked' };
    const byError = table(
      ['consumer', 'error', 'records', 'keys', 'since', 'first', 'it says'],
      answer.byError.map((each: Json) => [
        each.consumer,
        each.errorClass,
        each.records,
        each.keys,
        ago(each.oldestAt),
        each.firstId,
        each.firstError,
      ]),
      '',
    );
    const byKey = table(
      ['consumer', 'key', 'records', 'since', 'first', 'its error'],
      answer.byKey.map((each: Json) => [
        each.consumer,
        each.key,
        each.records,
        ago(each.oldestAt),
        each.firstId,
        each.errorClass,
      ]),
      '',
    );
    return { answer, text: `${count(answer.records, 'record waits', 'records wait')}\n\n${byError}\n\n${byKey}` };
  }
  const answer = await gateway.get('bus/parked', {
    limit: optional(options.limit) ?? '50',
    'filter[status]': optional(options.status) ?? 'parked',
    'filter[consumer]': optional(options.consumer),
    'filter[key]': optional(options.key),
    'filter[topic]': optional(options.topic),
    'filter[errorClass]': optional(options.error),
    'filter[parkedAt][gte]': optional(options.since),
    'filter[parkedAt][lte]': optional(options.until),
  });
  const rows = answer.data.map((each: Json) => [
    each.id,
    each.consumer,
    each.key,
    `${each.topic}/${each.partition}@${each.offset}`,
    each.errorClass,
    each.repairedAt ? 'yes' : '',
    each.attempts,
    ago(each.parkedAt),
    each.status,
  ]);
  return {
    answer,
    text:
      table(
        ['record', 'consumer', 'key', 'where', 'error', 'repaired', 'tries', 'parked', 'status'],
        rows,
        'no such records',
      ) + (answer.hasMore ? '\nthere are more: narrow the filter, or raise --limit (at most 200)' : ''),
  };
}

async function show(gateway: Gateway, { target, options }: Wish): Promise<Outcome> {
  const record = await gateway.get(`bus/parked/${target}`);
  const { headers, ...rest } = record;
  const text = [
    ...Object.entries(rest),
    ...Object.entries(headers).map(([name, value]) => [`header ${name}`, value]),
  ].map(([name, value]) => `${String(name).padEnd(26)} ${value ?? '–'}`);
  if (!options.value && !options.save) return { answer: record, text: text.join('\n') };
  const value = await gateway.get(`bus/parked/${target}/value`);
  const shown = value.encoding === 'json' ? JSON.stringify(value.value, undefined, 2) : String(value.value);
  if (options.save) save(String(options.save), `${shown}\n`);
  text.push(
    '',
    options.save ? `the value (${value.encoding}) is in ${options.save}` : `value (${value.encoding}):\n${shown}`,
  );
  return { answer: { ...record, value }, text: text.join('\n') };
}

/** @throws {WrongUse} */
function save(file: string, text: string) {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    throw new WrongUse(`${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

async function repair(gateway: Gateway, { target, options }: Wish): Promise<Outcome> {
  const answer = await gateway.post(`bus/parked/${target}/repair`, {
    value: valueIn(String(options.value)),
    reason: options.reason,
  });
  const { consumer, key } = await gateway.get(`bus/parked/${target}`);
  return {
    answer,
    text: `record ${target} has another value. Next:\n  npm run bus -- ${gateway.service} replay --consumer ${consumer} --key '${key}'`,
  };
}

/** @throws {WrongUse} */
function valueIn(file: string): unknown {
  const doing = (what: string, work: () => Json) => {
    try {
      return work();
    } catch (error) {
      throw new WrongUse(`${file} ${what}: ${error instanceof Error ? error.message : error}`);
    }
  };
  const text = doing('cannot be read', () => readFileSync(file === '-' ? 0 : file, 'utf8'));
  const value = doing('holds no JSON', () => JSON.parse(text));
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new WrongUse(`${file} holds no JSON object.`);
  return value;
}

async function replay(gateway: Gateway, { options }: Wish): Promise<Outcome> {
  return outcomeOf(
    gateway,
    await gateway.post('bus/replays', { ...selected(options), reason: options.reason, dryRun: !options.execute }),
  );
}

async function reread(
  gateway: Gateway,
  { target, options: { topic, type, since, reason, execute } }: Wish,
): Promise<Outcome> {
  return outcomeOf(
    gateway,
    await gateway.post('bus/rereads', { consumer: target, topic, type, since, reason, dryRun: !execute }),
  );
}

async function skip(gateway: Gateway, { options }: Wish): Promise<Outcome> {
  const answer = await gateway.post('bus/skips', {
    ...selected(options),
    reason: options.reason,
    dryRun: !options.execute,
  });
  if (!answer.records) return { answer, text: 'no parked record matches' };
  const what = `${count(answer.records, 'record')} under ${count(answer.keys, 'key')}`;
  return {
    answer,
    text: answer.dryRun
      ? `dry run: ${what} would be given up for good. Nothing was changed; with --execute it is done.`
      : `${what} ${answer.records === 1 ? 'is' : 'are'} given up. What waits behind them can be replayed now.`,
  };
}

async function pause(gateway: Gateway, { target, options }: Wish): Promise<Outcome> {
  const answer = await gateway.post(`bus/consumers/${encodeURIComponent(String(target))}/pause`, {
    reason: options.reason,
  });
  const before = answer.reason === options.reason ? '' : ' It was paused before, and keeps the reason given then.';
  return { answer, text: `${target} is paused since ${answer.at}: ${answer.reason}.${before}` };
}

async function resume(gateway: Gateway, { target, options }: Wish): Promise<Outcome> {
  const answer = await gateway.post(`bus/consumers/${encodeURIComponent(String(target))}/resume`, {
    reason: options.reason,
    parkForMinutes: options['park-for'] && Number(options['park-for']),
  });
  return {
    answer,
    text: answer.parksAllFor
      ? `${target} goes on, and for ${answer.parksAllFor} minutes parks whatever it cannot take`
      : answer.wasPaused
        ? `${target} goes on`
        : `${target} was not paused`,
  };
}

async function reset(gateway: Gateway, { options }: Wish): Promise<Outcome> {
  const { consumer, topic, to, reason } = options;
  const answer = await gateway.post('bus/resets', { consumer, topic, to, reason, dryRun: !options.execute });
  const rows = answer.partitions.map((each: Json) => [each.partition, each.from, each.to, each.shortened ? 'yes' : '']);
  return {
    answer,
    text: `${table(['partition', 'from', 'to', 'beyond the end'], rows, 'the consumer has no position there')}\n${answer.skipped ? `${count(answer.skipped, 'record is', 'records are')} passed over for good.` : 'No record is passed over.'} When to do this: ${answer.warning}\n${answer.dryRun ? 'Nothing was changed; with --execute it is done.' : 'Done; processes follow within about a second.'}`,
  };
}

async function republish(gateway: Gateway, { options }: Wish): Promise<Outcome> {
  return outcomeOf(
    gateway,
    await gateway.post('bus/republications', { topic: options.topic, reason: options.reason, id: options.id }),
  );
}

async function rebuild(gateway: Gateway, { options: { consumer, execute, reason } }: Wish): Promise<Outcome> {
  return outcomeOf(
    gateway,
    await gateway.post('bus/rebuilds', {
      consumers: consumer && String(consumer).split(','),
      reason,
      take: Boolean(execute),
    }),
  );
}

async function jobs(gateway: Gateway, { options }: Wish): Promise<Outcome> {
  const answer = await gateway.get('jobs', {
    limit: optional(options.limit),
    'filter[state]': optional(options.state),
  });
  const rows = answer.data.map(({ progress, ...job }: Json) => [
    job.id,
    job.kind,
    job.state,
    `${progress.done}${progress.total === null ? '' : ` of ${progress.total}`}`,
    progress.failed || '',
    ago(job.createdAt),
    inShort(job),
  ]);
  return {
    answer,
    text:
      table(['job', 'kind', 'state', 'done', 'failed', 'asked for', 'outcome'], rows, 'no jobs') +
      (answer.hasMore ? '\nthere are more: --state, or raise --limit (at most 200)' : ''),
  };
}

async function operations(gateway: Gateway, { options }: Wish): Promise<Outcome> {
  const answer = await gateway.get('bus/operations', {
    limit: optional(options.limit),
    'filter[consumer]': optional(options.consumer),
    'filter[action]': optional(options.action),
  });
  return {
    answer,
    text:
      answer.data.map(account).join('\n\n') ||
      (options.consumer || options.action ? 'no operation matches' : 'no operations yet'),
  };
}

function selected({ consumer, id, key, topic, error, since, until }: Wish['options']) {
  return { consumer, id, key, topic, errorClass: error, parkedSince: since, parkedUntil: until };
}

function optional(option: string | boolean | undefined) {
  return typeof option === 'string' ? option : undefined;
}
