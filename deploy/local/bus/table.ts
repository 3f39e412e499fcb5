/** Rows as columns that line up; `right` names columns of numbers. Nothing but a sentence when there are none. */
export function table(heads: string[], rows: unknown[][], none: string) {
  if (!rows.length) return none;
  const cells = rows.map((row) => row.map(cell));
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const numbers = heads.map((_, column) =>
    rows.every((row) => typeof row[column] === 'number' || row[column] === null),
  );
  const line = (row: string[]) =>
    row
      .map((text, column) => (numbers[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(heads), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)].join('\n');
}

function cell(value: unknown) {
  if (value === null || value === undefined) return '–';
  return String(value).replace(/\s+/g, ' ').slice(0, 120);
}

/** How many of what. */
export function count(number: number, one: string, many: string = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** How long ago, in the largest unit that says something. */
export function ago(at: string | null | undefined, now: number = Date.now()) {
  if (!at) return '–';
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
  ] as const)
    if (seconds >= 2 * size) return `${Math.floor(seconds / size)} ${unit} ago`;
  return `${seconds} s ago`;
}
