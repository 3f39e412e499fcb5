/**
 * What Postgres takes. It refuses the character NUL and half surrogates, which a poisoned record may hold. U+FFFD
 * stands for each of them, as it does for bytes that are no UTF-8. So a record is kept as unreadable as it came.
 */
export function storable(value: string): string;
export function storable(value: unknown): unknown;
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd');
  if (Array.isArray(value)) return value.map(storable);
  if (value && typeof value === 'object' && !(value instanceof Date))
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [storable(name), storable(member)]));
  return value;
}
