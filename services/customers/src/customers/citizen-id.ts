import type { CustomerKey } from './customer-key.js';

/** What is protected of a record. */
export interface PersonalNumbers {
  citizenId?: string | null;
  taxCode?: string | null;
}

/** Whether a tax code is the person's citizen id, as it is since July 2025: then it is protected alike. */
export function isCitizenId(taxCode: string | null | undefined): boolean {
  return taxCode?.length === 12;
}

/** The same as a condition of SQL. */
export const isCitizenIdSql = (taxCode: string): string => `length(${taxCode}) = 12`;

/** Whether a key is a citizen id: it leads only those to its holder who may read citizen ids there. */
export function isProtected({ kind, value }: CustomerKey): boolean {
  return kind === 'citizen-id' || (kind === 'tax-code' && isCitizenId(value));
}

/** The same as a condition of SQL on rows of keys. */
export const isProtectedSql = (row: string): string =>
  `(${row}.kind = 'citizen-id' or (${row}.kind = 'tax-code' and ${isCitizenIdSql(`${row}.value`)}))`;

/** Whether a change writes or clears the citizen id of a record, or would if there were one. */
export function writesCitizenId(change: PersonalNumbers, record: PersonalNumbers): boolean {
  return (
    change.citizenId !== undefined ||
    isCitizenId(change.taxCode) ||
    (change.taxCode !== undefined && isCitizenId(record.taxCode))
  );
}

/** The record as who may not read citizen ids compares it with others. */
export function withoutCitizenId<R extends PersonalNumbers>(record: R): R {
  return { ...record, citizenId: null, taxCode: isCitizenId(record.taxCode) ? null : record.taxCode };
}

/** Its last three digits. */
export function masked(number: string): string {
  return `•••${number.slice(-3)}`;
}
