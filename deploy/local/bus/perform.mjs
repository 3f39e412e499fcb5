import { readFileSync, writeFileSync } from 'node:fs';
import { account } from './account.mjs';
import { WrongUse } from './arguments.mjs';
import { cancel, follow, inShort, outcomeOf } from './jobs.mjs';
import { ago, count, table } from './table.mjs';

/** @typedef {import('./gateway.mjs').Gateway} Gateway */
/** @typedef {import('./gateway.mjs').Json} Json */
/** @typedef {import('./arguments.mjs').Wish} Wish */

/**
 * What came of a command: the gateway's answer, the same for people, and whether something of it failed.
 * @typedef {{ answer: Json, text: string, failed?: boolean }} Outcome
 */

/** @type {Record<string, (gateway: Gateway, wish: Wish) => Promise<Outcome>>} */
const performers = {
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

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
export function perform(gateway, wish) {
  return /** @type {(gateway: Gateway, wish: Wish) => Promise<Outcome>} */ (performers[wish.command])(gateway, wish);
}

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function consumers(gateway, { options }) {
  const answer = await gateway.get('bus/consumers');
  const rows = answer.data.map((/** @type {Json} */ each) => [
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
        answer.data.flatMap((/** @type {Json} */ { consumer, partitions }) =>
          partitions.map((/** @type {Json} */ each) => [
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

/** @param {Json} consumer */
function standing({ declared, paused, lag, partitions }) {
  const held = [
    ...new Set(
      partitions
        .map((/** @type {Json} */ each) => each.held)
        .filter((/** @type {string | null} */ each) => each && each !== 'operator'),
    ),
  ];
  if (!declared) return 'no longer declared';
  if (paused) return 'paused';
  if (held.length) return `held: ${held.join(', ')}`;
  return lag === null ? 'the brokers do not answer' : 'reads';
}

/** @param {Gateway} gateway @returns {Promise<Outcome>} */
async function outbox(gateway) {
  const answer = await gateway.get('bus/outbox');
  const leases = table(
    ['relay', 'shards', 'lease until'],
    answer.leases.map((/** @type {Json} */ { owner, shards, expiresAt }) => [
      owner ?? 'nobody',
      shards.join(' '),
      expiresAt,
    ]),
    'no shards',
  );
  return {
    answer,
    text: `${answer.waiting} waiting${answer.waiting ? `, the oldest for ${answer.oldestSeconds.toFixed(1)} s` : ''}\n${leases}`,
  };
}

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function parked(gateway, { options }) {
  const listed =
    options.list || ['key', 'topic', 'error', 'since', 'until', 'status', 'limit'].some((name) => options[name]);
  if (!listed) {
    const answer = await gateway.get('bus/parked/summary', { consumer: optional(options.consumer) });
    if (!answer.records) return { answer, text: 'nothing is parked' };
    const byError = table(
      ['consumer', 'error', 'records', 'keys', 'since', 'first', 'it says'],
      answer.byError.map((/** @type {Json} */ each) => [
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
      answer.byKey.map((/** @type {Json} */ each) => [
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
  const rows = answer.data.map((/** @type {Json} */ each) => [
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

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function show(gateway, { target, options }) {
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

/** @param {string} file @param {string} text @throws {WrongUse} */
function save(file, text) {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    throw new WrongUse(`${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function repair(gateway, { target, options }) {
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

/** @param {string} file @returns {unknown} @throws {WrongUse} */
function valueIn(file) {
  const doing = (/** @type {string} */ what, /** @type {() => any} */ work) => {
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

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function replay(gateway, { options }) {
  return outcomeOf(
    gateway,
    await gateway.post('bus/replays', { ...selected(options), reason: options.reason, dryRun: !options.execute }),
  );
}

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function reread(gateway, { target, options: { topic, type, since, reason, execute } }) {
  return outcomeOf(
    gateway,
    await gateway.post('bus/rereads', { consumer: target, topic, type, since, reason, dryRun: !execute }),
  );
}

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function skip(gateway, { options }) {
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

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function pause(gateway, { target, options }) {
  const answer = await gateway.post(`bus/consumers/${encodeURIComponent(String(target))}/pause`, {
    reason: options.reason,
  });
  const before = answer.reason === options.reason ? '' : ' It was paused before, and keeps the reason given then.';
  return { answer, text: `${target} is paused since ${answer.at}: ${answer.reason}.${before}` };
}

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function resume(gateway, { target, options }) {
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

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function reset(gateway, { options }) {
  const { consumer, topic, to, reason } = options;
  const answer = await gateway.post('bus/resets', { consumer, topic, to, reason, dryRun: !options.execute });
  const rows = answer.partitions.map((/** @type {Json} */ each) => [
    each.partition,
    each.from,
    each.to,
    each.shortened ? 'yes' : '',
  ]);
  return {
    answer,
    text: `${table(['partition', 'from', 'to', 'beyond the end'], rows, 'the consumer has no position there')}\n${answer.skipped ? `${count(answer.skipped, 'record is', 'records are')} passed over for good.` : 'No record is passed over.'} When to do this: ${answer.warning}\n${answer.dryRun ? 'Nothing was changed; with --execute it is done.' : 'Done; processes follow within about a second.'}`,
  };
}

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function republish(gateway, { options }) {
  return outcomeOf(
    gateway,
    await gateway.post('bus/republications', { topic: options.topic, reason: options.reason, id: options.id }),
  );
}

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function rebuild(gateway, { options: { consumer, execute, reason } }) {
  return outcomeOf(
    gateway,
    await gateway.post('bus/rebuilds', {
      consumers: consumer && String(consumer).split(','),
      reason,
      take: Boolean(execute),
    }),
  );
}

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function jobs(gateway, { options }) {
  const answer = await gateway.get('jobs', {
    limit: optional(options.limit),
    'filter[state]': optional(options.state),
  });
  const rows = answer.data.map((/** @type {Json} */ { progress, ...job }) => [
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

/** @param {Gateway} gateway @param {Wish} wish @returns {Promise<Outcome>} */
async function operations(gateway, { options }) {
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

/** @param {Wish['options']} options */
function selected({ consumer, id, key, topic, error, since, until }) {
  return { consumer, id, key, topic, errorClass: error, parkedSince: since, parkedUntil: until };
}

/** @param {string | boolean | undefined} option */
function optional(option) {
  return typeof option === 'string' ? option : undefined;
}
