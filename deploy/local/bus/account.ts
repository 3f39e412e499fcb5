import type { Json } from './gateway.js';

/** What somebody did to the bus, line by line; what is empty is left out. */
export function account({ at, action, dryRun, consumer, actor, actorName, reason, filter, result }: Json): string {
  const head = [
    at,
    `${action}${dryRun ? ' (dry run)' : ''}`,
    ...(consumer ? [consumer] : []),
    `by ${actorName ?? actor ?? '–'}`,
  ].join('  ');
  return [
    head,
    ...lines('reason', reason),
    ...lines('reach', filter),
    ...lines('result', result ?? 'none: it runs, or was interrupted'),
  ].join('\n');
}

function lines(name: string, value: Json, indent: string = '  '): string[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [`${indent}${name}: ${inLine(value)}`];
  const inner = Array.isArray(value)
    ? value.map((each) => `${indent}  - ${inLine(each)}`)
    : Object.entries(value).flatMap(([key, member]) => lines(key, member, `${indent}  `));
  return inner.length ? [`${indent}${name}:`, ...inner] : [];
}

function inLine(value: Json): string {
  if (value === null || typeof value !== 'object') return String(value).replace(/\s+/g, ' ');
  return Object.entries(value)
    .map(
      ([key, member]) =>
        `${key}: ${member !== null && typeof member === 'object' ? `(${inLine(member)})` : inLine(member)}`,
    )
    .join(', ');
}
