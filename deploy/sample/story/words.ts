import type { Content } from './book.js';
import type { Value } from './lead.js';

/** 12900000 → 12,900,000 đ */
export const dongText = (amount: string | number) => `${Math.round(Number(amount)).toLocaleString('en-US')} đ`;

/** A customer's rank and value on one line. */
export const valueText = ({ rank, orders, revenue, paid, lifetimeValue }: Value) =>
  `${rank}; ${orders} orders, revenue ${dongText(revenue.amount)}, paid ${dongText(paid.amount)}, lifetime value ${dongText(lifetimeValue.amount)}`;

/** The chapters as a person reads them. */
export function printed({ chapters }: Content) {
  return chapters
    .map(({ title, lines }, index) => `\n${index + 1}. ${title}\n${lines.map((line) => `   ${line}`).join('\n')}`)
    .join('\n');
}
