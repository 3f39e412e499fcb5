import { finished } from './finished.mjs';
import { table } from './table.mjs';

/** @typedef {import('./gateway.mjs').Json} Json */

/**
 * Makes stores anew and tells how they compare with those in use.
 * @param {import('./gateway.mjs').Gateway} gateway @param {import('./arguments.mjs').Wish} wish @returns {Promise<import('./perform.mjs').Outcome>}
 */
export async function rebuild(gateway, { options }) {
  const { consumer, execute, reason } = options;
  const asked = await gateway.post('bus/rebuilds', { ...(consumer ? { consumers: String(consumer).split(',') } : {}), ...(reason ? { reason } : {}), take: Boolean(execute) });
  const job = await finished(gateway, asked);
  const { equal, tables, parked, taken, offsets, seconds, heldMs } = job.result;
  const text = [
    table(['table', 'rows', 'rebuilt', 'differ', 'hash', 'rebuilt hash'], tables.map((/** @type {Json} */ each) => [each.table, each.live.rows, each.rebuilt.rows, each.different, each.live.hash, each.rebuilt.hash]), 'no tables'),
    `${equal ? 'Equal row for row.' : 'The stores differ.'} ${offsets} offsets in ${seconds} s; the consumers waited ${heldMs} ms.`,
  ];
  const differences = tables.flatMap((/** @type {Json} */ each) => each.differences.map((/** @type {Json} */ { key, kind }) => [each.table, kind, Object.values(key).join(' ')]));
  if (differences.length) text.push('', table(['table', 'row is', 'key'], differences, ''));
  const waiting = parked.filter((/** @type {Json} */ each) => each.live + each.rebuilt > 0);
  if (waiting.length) text.push('', table(['consumer', 'parked', 'rebuilt'], waiting.map((/** @type {Json} */ each) => [each.consumer, each.live, each.rebuilt]), ''));
  if (taken) text.push('', table(['table', 'changed', 'added', 'removed'], taken.corrected.map((/** @type {Json} */ each) => [each.table, each.changed, each.added, each.removed]), 'nothing had to be corrected'), taken.equal ? 'Corrected: equal row for row now.' : 'Corrected, and still not equal.');
  else if (!equal) text.push('', 'Nothing was changed; with --execute it is corrected.');
  return { answer: job, text: text.join('\n'), failed: !(taken ?? { equal }).equal };
}
