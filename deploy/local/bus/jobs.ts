import { setTimeout } from 'node:timers/promises';
import type { Wish } from './arguments.js';
import { Refused, Unreachable, type Gateway, type Json } from './gateway.js';
import type { Outcome } from './perform.js';
import { rebuilt, rebuiltInShort } from './rebuild.js';
import { count, table } from './table.js';

const lookMs = 200;
/** A service that restarts is back within this time. */
const patienceMs = 120_000;

/** What came of a job that succeeded, by its kind. */
const outcomes: Record<string, (job: Json) => Omit<Outcome, 'answer'>> = {
  'bus-replay': replayed,
  'bus-reread': reread,
  'bus-republish': republished,
  rebuild: rebuilt,
};

/**
 * Follows a job to its end, also across restarts of its service.
 * @throws {Refused} when it did not succeed
 */
export async function outcomeOf(gateway: Gateway, job: Json): Promise<Outcome> {
  if (isAtWork(job))
    gateway.tell(
      `job ${job.id} goes on without this command; npm run bus -- ${gateway.service} job ID follows it, cancel ID ends it`,
    );
  const known = await finished(gateway, job);
  if (known.state === 'cancelled')
    throw new Refused(`${gateway.service}: the job ${job.id} was cancelled; what it did before stays`);
  if (known.state !== 'succeeded')
    throw new Refused(`${gateway.service}: the job ${job.id} failed: ${known.problem?.detail ?? 'no reason given'}`);
  return {
    answer: known,
    ...(
      outcomes[known.kind] ??
      (({ kind, result }) => ({ text: `${kind} is done\n${JSON.stringify(result, undefined, 2)}` }))
    )(known),
  };
}

export async function follow(gateway: Gateway, { target }: Wish): Promise<Outcome> {
  return outcomeOf(gateway, await gateway.get(`jobs/${encodeURIComponent(String(target))}`));
}

export async function cancel(gateway: Gateway, { target }: Wish): Promise<Outcome> {
  const job = await gateway.delete(`jobs/${encodeURIComponent(String(target))}`);
  const text =
    job.state === 'running'
      ? `job ${target} ends after the piece at hand; what it did stays`
      : job.state === 'cancelled'
        ? `job ${target} is cancelled`
        : `job ${target} had ended: ${job.state}`;
  return { answer: job, text };
}

async function finished(gateway: Gateway, job: Json): Promise<Json> {
  let known = job;
  let awaySince: number | undefined;
  while (isAtWork(known)) {
    await setTimeout(lookMs);
    try {
      known = await gateway.get(`jobs/${job.id}`);
      awaySince = undefined;
    } catch (error) {
      if (!(error instanceof Unreachable || (error instanceof Refused && (error.status ?? 0) >= 500))) throw error;
      if (awaySince === undefined) gateway.tell(`${error.message} Looking again for ${patienceMs / 1000} s.`);
      awaySince ??= performance.now();
      if (performance.now() - awaySince > patienceMs) throw error;
    }
  }
  return known;
}

function isAtWork({ state }: Json) {
  return state === 'waiting' || state === 'running';
}

/** What came of a job in a few words, for a list of them. */
export function inShort({ kind, result, problem }: Json): string {
  if (problem) return problem.title ?? '';
  if (!result) return '';
  if (kind === 'rebuild') return rebuiltInShort(result);
  if (kind === 'bus-republish') return count(result.published, 'state');
  if (kind === 'bus-reread') return `${result.dryRun ? 'dry run: ' : ''}${count(result.taken, 'event')}`;
  if (kind !== 'bus-replay') return '';
  return `${result.dryRun ? 'dry run: ' : ''}${result.replayed} of ${count(result.records, 'record')}${result.failedKeys ? `, ${count(result.failedKeys, 'key')} stopped` : ''}`;
}

function replayed({
  result: { dryRun, keys, records, replayed: through, failedKeys, failures },
}: Json): Omit<Outcome, 'answer'> {
  if (!keys) return { text: 'no parked record matches' };
  const failed = failedKeys > 0;
  const text = [
    dryRun
      ? `dry run: of ${count(records, 'record')} under ${count(keys, 'key')} ${through} would go through; ${count(failedKeys, 'key')} would stop. Nothing was changed${failed ? '' : '; with --execute it is done'}.`
      : `${through} of ${count(records, 'record')} ${through === 1 ? 'is' : 'are'} through; ${failedKeys} of ${count(keys, 'key')} stopped.`,
  ];
  if (failed)
    text.push(
      '',
      table(
        ['record', 'key', 'where', 'error', 'it says'],
        failures.map((each: Json) => [
          each.id,
          each.key,
          `${each.topic}/${each.partition}@${each.offset}`,
          each.errorClass,
          each.error,
        ]),
        '',
      ),
    );
  return { text: text.join('\n'), failed };
}

function reread({ result: { dryRun, matching, taken, parked } }: Json): Omit<Outcome, 'answer'> {
  const of = `of ${count(matching, 'event')} that were passed over`;
  const text = dryRun
    ? `dry run: ${of} ${taken} would be taken. Nothing was changed; with --execute it is done.`
    : `${of} ${taken} ${taken === 1 ? 'is' : 'are'} taken; ${parked} of them ${parked === 1 ? 'waits' : 'wait'} among the parked records.`;
  return { text, failed: parked > 0 };
}

function republished({ result: { published } }: Json): Omit<Outcome, 'answer'> {
  return { text: `${count(published, 'state is', 'states are')} in the outbox` };
}
