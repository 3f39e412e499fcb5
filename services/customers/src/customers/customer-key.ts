import { codeOf, oneToneStyle, visible } from '@quen/chassis';
import { normalEmail, readPhone } from './contact-points.js';
import { normalCitizenId, normalTaxCode } from './identity-numbers.js';

/** Kinds of keys by which a customer is recognised. */
export const keyKinds = ['code', 'phone', 'email', 'tax-code', 'citizen-id', 'external'] as const;
export type KeyKind = (typeof keyKinds)[number];

/** One key of a customer, its value in the one form in which it is stored and looked up. */
export interface CustomerKey {
  kind: KeyKind;
  value: string;
}

/** An id that another system gives the customer: Zalo, a portal account, an accounting program. */
export interface ExternalIdParts {
  system: string;
  id: string;
}

/** Keys that belong to one customer only: two records that share one are the same, two that differ in one are not. */
export function isTrusted(kind: KeyKind): boolean {
  return kind !== 'phone' && kind !== 'email';
}

/** Text form, unique over kinds; for maps. */
export function keyText(key: CustomerKey): string {
  return `${key.kind} ${key.value}`;
}

export function externalKey({ system, id }: ExternalIdParts): CustomerKey {
  return {
    kind: 'external',
    value: `${visible(system).normalize('NFKC').trim().toLowerCase()}:${visible(id).normalize('NFKC').trim()}`,
  };
}

export function codeKey(code: string): CustomerKey {
  return { kind: 'code', value: oneToneStyle(codeOf(code)) };
}

/** Everything that a typed text may be a key of; a number of ten digits may be both a phone and a tax code. */
export function readKeys(typed: string): CustomerKey[] {
  const text = visible(typed).normalize('NFKC').trim();
  if (text === '') return [];
  if (text.includes('@') && !text.includes(':')) return [{ kind: 'email', value: normalEmail(text) }];
  const keys: CustomerKey[] = [codeKey(text)];
  const phone = readPhone(text);
  if (phone) keys.push({ kind: 'phone', value: phone.e164 });
  const taxCode = normalTaxCode(text);
  if (taxCode) keys.push({ kind: 'tax-code', value: taxCode });
  const citizenId = normalCitizenId(text);
  if (citizenId) keys.push({ kind: 'citizen-id', value: citizenId });
  const separator = text.indexOf(':');
  if (separator > 0) keys.push(externalKey({ system: text.slice(0, separator), id: text.slice(separator + 1) }));
  return keys;
}
