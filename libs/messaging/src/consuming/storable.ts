/** What Postgres takes: it refuses the character NUL and half surrogates, which a poisoned record may well hold. */
export function storable(value: string): string;
export function storable(value: unknown): unknown;
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '');
  if (Array.isArray(value)) return value.map(storable);
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, member]) => [storable(name), storable(member)]));
  return value;
}
