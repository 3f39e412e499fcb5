import {
  codeKey,
  externalKey,
  idsDiffer,
  isTrusted,
  joinPhones,
  keyText,
  namesAgree,
  type Customer,
  type CustomerDetails,
  type CustomerKey,
} from '../customers/customers.service.js';
import type { ImportKey, ImportMode } from './customer-import.entity.js';
import type { FaultCode } from './faults.js';
import type { RowValues } from './row-values.js';

/** Keys of a row, the trusted ones first; only of the chosen kinds when kinds were chosen. */
export function keysOf(row: RowValues, chosen: readonly ImportKey[]): CustomerKey[] {
  const { details } = row;
  const uses = (key: ImportKey): boolean => chosen.length === 0 || chosen.includes(key);
  return [
    ...(row.code && uses('code') ? [codeKey(row.code)] : []),
    ...(details.taxCode && uses('taxCode') ? [{ kind: 'tax-code' as const, value: details.taxCode }] : []),
    ...(details.citizenId && uses('citizenId') ? [{ kind: 'citizen-id' as const, value: details.citizenId }] : []),
    ...(uses('zalo') ? (details.externalIds ?? []).map(externalKey) : []),
    ...(uses('phone') ? (details.phones ?? []).map(({ e164 }): CustomerKey => ({ kind: 'phone', value: e164 })) : []),
    ...(uses('email') ? (details.emails ?? []).map((value): CustomerKey => ({ kind: 'email', value })) : []),
  ];
}

/** Who holds which key, and the records of those whom the importer may see. */
export interface KnownCustomers {
  holders: ReadonlyMap<string, readonly string[]>;
  customers: ReadonlyMap<string, Customer>;
}

export type RowMatch = { customer: Customer } | { fault: FaultCode } | undefined;

/**
 * Finds a row's customer; undefined when there is none.
 * By default a trusted id decides, and a phone or e-mail only where the names agree and no id differs: members of a
 * family share phones.
 * Keys that were chosen decide whatever the name. Keys that lead to different customers, or to one whose ids differ,
 * are a fault.
 */
export function matchRow(row: RowValues, known: KnownCustomers, chosen: readonly ImportKey[]): RowMatch {
  const keys = keysOf(row, chosen);
  const holdersOf = (some: CustomerKey[]): string[] => [
    ...new Set(some.flatMap((key) => known.holders.get(keyText(key)) ?? [])),
  ];
  const comparable = comparableOf(row);
  const trusted = holdersOf(keys.filter(({ kind }) => isTrusted(kind)));
  if (trusted.length > 1) return { fault: 'match_ambiguous' };
  const [trustedId] = trusted;
  if (trustedId !== undefined) {
    const customer = known.customers.get(trustedId);
    if (!customer) return { fault: 'match_hidden' };
    return idsDiffer(comparable, customer) ? { fault: 'id_differs' } : { customer };
  }
  const ids = holdersOf(keys.filter(({ kind }) => !isTrusted(kind)));
  const seen = ids.flatMap((id) => known.customers.get(id) ?? []);
  if (chosen.length > 0) {
    if (ids.length > 1) return { fault: 'match_ambiguous' };
    const [customer] = seen;
    if (ids.length === 1 && !customer) return { fault: 'match_hidden' };
    return customer && (idsDiffer(comparable, customer) ? { fault: 'id_differs' } : { customer });
  }
  const alike = seen.filter((customer) => namesAgree(comparable, customer) && !idsDiffer(comparable, customer));
  if (alike.length > 1) return { fault: 'match_ambiguous' };
  return alike[0] && { customer: alike[0] };
}

/**
 * What a row changes of a customer that is there: what it tells is added, what it leaves blank stays, a better spelling
 * of the same name counts as none unless it brings marks.
 */
export function changesFor(customer: Customer, row: RowValues): CustomerDetails {
  const { details } = row;
  const { phones = [], emails = [], externalIds = [], displayName, ...rest } = details;
  const isRepresentative = customer.kind === 'organisation' && details.kind !== 'organisation';
  const withoutKind: CustomerDetails = isRepresentative
    ? { ...rest, kind: undefined, title: undefined, sex: undefined, birthDate: undefined }
    : { ...rest };
  const marked = (name: string): number => name.normalize('NFD').replace(/[^\u0300-\u036f]|đ/gi, '').length;
  const sameName = namesAgree({ ...comparableOf(row), representative: null }, { ...customer, representative: null });
  const keepsName = isRepresentative || (sameName && marked(displayName) <= marked(customer.displayName));
  // Parts belong to the spelling that they are parts of.
  if (keepsName) Object.assign(withoutKind, { familyName: undefined, middleName: undefined, givenName: undefined });
  return {
    ...Object.fromEntries(Object.entries(withoutKind).filter(([, value]) => value !== undefined)),
    ...(keepsName ? {} : { displayName }),
    phones: joinPhones(customer.phones, phones),
    emails: [...new Set([...customer.emails, ...emails])],
    externalIds: [
      ...new Map([...customer.externalIds, ...externalIds].map((id) => [externalKey(id).value, id])).values(),
    ],
  };
}

/** Whether the mode takes a row with, or without, a customer. */
export function decide(mode: ImportMode, matched: boolean): 'create' | 'update' | 'leave' | 'refuse' {
  if (!matched) return mode === 'update' ? 'refuse' : 'create';
  return mode === 'create' ? 'leave' : 'update';
}

function comparableOf({ details }: RowValues) {
  return { ...details, kind: details.kind ?? 'person', phones: details.phones ?? [], emails: details.emails ?? [] };
}
