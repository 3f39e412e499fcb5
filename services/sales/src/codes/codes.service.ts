import type { Transaction } from '@quen/messaging';

const kinds = {
  quote: { sequence: 'quote_code', prefix: 'BG' },
  contract: { sequence: 'contract_code', prefix: 'HD' },
  order: { sequence: 'order_code', prefix: 'DH' },
  invoice: { sequence: 'invoice_code', prefix: 'HDBR' },
} as const;

/**
 * The next code of a kind of document, e.g. `DH26-000042`; the year keeps it apart from a firm's older numbering.
 * Numbers may have gaps.
 */
export async function nextCode(tx: Transaction, kind: keyof typeof kinds, today: string): Promise<string> {
  const { sequence, prefix } = kinds[kind];
  const [row]: { n: string }[] = await tx.query('select nextval($1::regclass) as n', [sequence]);
  return `${prefix}${today.slice(2, 4)}-${(row?.n ?? '').padStart(6, '0')}`;
}
