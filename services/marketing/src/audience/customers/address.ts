import { domainToASCII } from 'node:url';
import type { ContactChannel } from '@quen/events';

/**
 * A mailbox in the form in which two of them are compared: NFKC, without invisible signs, lower case, the domain in
 * ASCII. What providers make of
 * dots and plus signs is their own affair and stays.
 */
export function normalEmail(typed: string): string {
  const plain = typed
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{White_Space}]/gu, '')
    .toLowerCase();
  const at = plain.lastIndexOf('@');
  const domain = at < 0 ? '' : domainToASCII(plain.slice(at + 1));
  return domain ? `${plain.slice(0, at + 1)}${domain}` : plain;
}

/** An address of any channel in the form in which it is kept and compared: a mailbox, else a phone number in E.164. */
export function normalAddress(typed: string): string {
  return typed.includes('@') ? normalEmail(typed) : typed.trim();
}

/** The addresses at which a channel reaches a customer; letters and visits go by none that is kept here. */
export function addressesOn(
  channel: ContactChannel,
  customer: { emails: readonly string[]; phones: readonly string[] },
): readonly string[] {
  switch (channel) {
    case 'email':
      return customer.emails;
    case 'sms':
    case 'phone':
    case 'zalo':
      return customer.phones;
    default:
      return [];
  }
}
