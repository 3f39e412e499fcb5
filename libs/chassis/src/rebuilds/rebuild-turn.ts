/** Name of the lock that a rebuild of this schema holds. */
export function turnOf(schema: string): string {
  return `quen rebuild ${schema}`;
}
