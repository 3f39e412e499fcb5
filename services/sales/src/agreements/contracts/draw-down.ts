import { Decimal } from 'decimal.js';
import { exceeds, minus, Money, plus } from '@quen/events';
import { defineProblem } from '@quen/messaging';
import { shareOf } from '../../fulfilment/orders/order-arithmetic.value.js';

export const contractUsedUp = defineProblem('conflict', 'contract_used_up', {
  en: 'Everything in contract {code} was called off already.',
  vi: 'Hợp đồng {code} đã gọi hàng hết.',
});
export const notInContract = defineProblem('unprocessable', 'not_in_contract', {
  en: 'Line {line}: the product is not in contract {code}.',
  vi: 'Dòng {line}: sản phẩm không có trong hợp đồng {code}.',
});
export const callOffBeyondContract = defineProblem('unprocessable', 'call_off_beyond_contract', {
  en: 'Line {line}: at most {open} can still be called off contract {code}, not {quantity}.',
  vi: 'Dòng {line}: hợp đồng {code} chỉ còn gọi được {open}, không phải {quantity}.',
});
export const amountBeyondContract = defineProblem('unprocessable', 'amount_beyond_contract', {
  en: 'The amount is more than contract {code} has for it: {open} {currency}.',
  vi: 'Số tiền vượt phần còn lại của hợp đồng {code}: {open} {currency}.',
});
export const contractCurrency = defineProblem('unprocessable', 'contract_currency', {
  en: 'Contract {code} is in {currency}.',
  vi: 'Hợp đồng {code} tính bằng {currency}.',
});

/** A line of the contract: what is to be had for how much. */
export interface ContractLine {
  productId: string;
  quantity: string;
  amount: Money;
}

/** What was called off a contract so far, less what came back. */
export interface Drawn {
  /** Quantity by product. */
  quantities: ReadonlyMap<string, string>;
  amount: Money;
  /** Order lines so far, each of which may have rounded once. */
  lines: number;
}

/** What is called off now; without an amount, at the contract's price. */
export interface Wanted {
  productId: string;
  quantity: string;
  amount?: Money;
}

/** A line of the call-off with what the contract asks for it. */
export interface CalledOff extends ContractLine {
  atContractPrice: Money;
}

/**
 * What a call-off takes of a contract: the next units of each product at the contract's own prices, all that is open
 * when nothing is named.
 * What came back can be called off again, as the firm still owes it.
 * @throws Problem contract_used_up, not_in_contract, call_off_beyond_contract, amount_beyond_contract,
 * contract_currency
 */
export function callOff(
  code: string,
  agreed: readonly ContractLine[],
  drawn: Drawn,
  wanted: readonly Wanted[] | undefined,
): CalledOff[] {
  const taken = new Map(drawn.quantities);
  const asked = wanted ?? whatIsOpen(agreed, drawn.quantities);
  if (!asked.length) throw contractUsedUp({ code });
  const lines = asked.map(({ productId, quantity, amount }, index): CalledOff => {
    const own = agreed.filter((line) => line.productId === productId);
    if (!own.length) throw notInContract({ line: index + 1, code });
    const from = taken.get(productId) ?? '0';
    const open = minus(
      own.reduce((sum, line) => plus(sum, line.quantity), '0'),
      from,
    );
    if (exceeds(quantity, open))
      throw callOffBeyondContract({ line: index + 1, code, open: Decimal.max(open, 0).toFixed(), quantity });
    taken.set(productId, plus(from, quantity));
    const atContractPrice = priceOf(own, from, quantity);
    if (amount && amount.currency !== atContractPrice.currency)
      throw contractCurrency({ code, currency: atContractPrice.currency });
    if (amount && amount.compareTo(atContractPrice) > 0)
      throw amountBeyondContract({ code, open: atContractPrice.amount, currency: atContractPrice.currency });
    return {
      productId,
      quantity,
      amount: amount ? Money.of(amount.amount, amount.currency) : atContractPrice,
      atContractPrice,
    };
  });
  return within(code, Money.sum(agreed.map((line) => line.amount)).minus(drawn.amount), lines, drawn.lines);
}

/** The open part of each line of the contract; what was drawn came from the first lines of its product. */
function whatIsOpen(agreed: readonly ContractLine[], drawn: ReadonlyMap<string, string>): Wanted[] {
  const left = new Map(drawn);
  return agreed.flatMap(({ productId, quantity }) => {
    const used = Decimal.min(left.get(productId) ?? '0', quantity);
    left.set(productId, minus(left.get(productId) ?? '0', used.toFixed()));
    const open = minus(quantity, used.toFixed());
    return exceeds(open, '0') ? [{ productId, quantity: open }] : [];
  });
}

/** What units `from` up to `from + quantity` of a product cost, over however many lines of the contract. */
function priceOf(own: readonly ContractLine[], from: string, quantity: string): Money {
  const until = plus(from, quantity);
  let start = '0';
  return Money.sum(
    own.map((line) => {
      const [first, last] = [Decimal.max(from, start), Decimal.min(until, plus(start, line.quantity))];
      const share = last.greaterThan(first)
        ? shareOf(line.amount, line.quantity, first.minus(start).toFixed(), last.minus(first).toFixed())
        : Money.zero(line.amount.currency);
      start = plus(start, line.quantity);
      return share;
    }),
  );
}

/**
 * Keeps a call-off inside the money of the contract. Returns are rounded by themselves, so the last units may cost a
 * few of the smallest coins less.
 */
function within(code: string, open: Money, lines: CalledOff[], drawnLines: number): CalledOff[] {
  const excess = Money.sum(lines.map((line) => line.amount)).minus(open);
  if (excess.compareTo(Money.zero(open.currency)) <= 0) return lines;
  const roundings = Money.of(Money.fits('0.01', open.currency) ? '0.01' : '1', open.currency).times(
    drawnLines + lines.length,
  );
  const last = lines.at(-1) as CalledOff;
  if (excess.compareTo(roundings) > 0 || excess.compareTo(last.amount) > 0)
    throw amountBeyondContract({ code, open: open.amount, currency: open.currency });
  return [
    ...lines.slice(0, -1),
    { ...last, amount: last.amount.minus(excess), atContractPrice: last.atContractPrice.minus(excess) },
  ];
}
