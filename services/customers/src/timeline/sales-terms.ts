/** What everybody who sees the customer may see of a sale: that it was, when, and by which record. */
const open = /^(line|lines|origin)$|(Id|Code|On|Until|Count)$/;

/**
 * The fields of an entry without amounts, stages, methods and words: those are terms of the record, which its own
 * service shows or not.
 */
export function withoutTerms(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => open.test(name)));
}
