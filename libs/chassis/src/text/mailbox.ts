import { domainToASCII } from 'node:url';

/**
 * A mailbox in the form in which two of them are compared: NFKC, without invisible signs, lower case, the domain in
 * ASCII. What providers make of dots and plus signs is their own affair and stays.
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
