import type { Json } from './gateway.js';
import type { Outcome } from './perform.js';
import { count, table } from './table.js';

/** How stores that were made anew compare with those in use, and what was corrected. */
export function rebuilt({ result }: Json): Omit<Outcome, 'answer'> {
  const { consumers, equal, tables, parked, reading, taken, offsets, seconds, heldMs } = result;
  const text = [
    table(
      ['table', 'rows', 'rebuilt', 'differ', 'hash', 'rebuilt hash'],
      tables.map((each: Json) => [
        each.table,
        each.live.rows,
        each.rebuilt.rows,
        each.different,
        each.live.hash,
        each.rebuilt.hash,
      ]),
      'no tables',
    ),
    `${consumers.join(', ')}: ${equal ? 'Equal row for row.' : 'The stores differ.'} ${offsets} offsets in ${seconds} s; the consumers waited ${heldMs} ms.`,
  ];
  const late = reading.filter(({ unread, held }: Json) => unread !== 0 || held.length);
  if (late.length) {
    text.push(
      '',
      'Both stores were compared as far as the live consumer has read; it has not read everything:',
      table(
        ['consumer', 'unread', 'held by'],
        late.map((each: Json) => [each.consumer, each.unread ?? 'unknown', each.held.join(', ')]),
        '',
      ),
    );
  }
  const differences = tables.flatMap((each: Json) =>
    each.differences.map(({ key, kind, columns = [] }: Json) => [
      each.table,
      kind,
      Object.entries(key)
        .map(([column, value]) => `${column}=${value}`)
        .join(' '),
      columns.join(', '),
    ]),
  );
  if (differences.length) text.push('', table(['table', 'row is', 'key', 'in'], differences, ''));
  const waiting = parked.filter((each: Json) => each.live + each.rebuilt > 0);
  if (waiting.length)
    text.push(
      '',
      table(
        ['consumer', 'parked', 'rebuilt'],
        waiting.map((each: Json) => [each.consumer, each.live, each.rebuilt]),
        '',
      ),
    );
  if (taken?.corrected.length) {
    text.push(
      '',
      table(
        ['table', 'changed', 'added', 'removed'],
        taken.corrected.map((each: Json) => [each.table, each.changed, each.added, each.removed]),
        '',
      ),
      taken.equal ? 'Corrected: equal row for row now.' : 'Corrected, and still not equal.',
    );
  } else if (taken)
    text.push(
      '',
      taken.equal
        ? 'Nothing had to be corrected.'
        : 'Nothing had to be corrected, but a second comparison found differences: run it again.',
    );
  else if (!equal) text.push('', 'Nothing was changed; with --execute it is corrected.');
  return { text: text.join('\n'), failed: !(taken ?? { equal }).equal };
}

/** The same in a few words. */
export function rebuiltInShort({ equal, tables, taken }: Json) {
  const different = tables.reduce((sum: number, each: Json) => sum + each.different, 0);
  if (equal) return 'equal';
  return `${count(different, 'row')} ${different === 1 ? 'differs' : 'differ'}${taken ? (taken.equal ? ', corrected' : ', still not equal after a correction') : ''}`;
}
