import { Decimal } from 'decimal.js';

/** One price with the book that it stands in. */
export interface CandidatePrice {
  bookCode: string;
  bookName: string;
  currency: string;
  validFrom: string;
  validTo: string | null;
  customerCategory: string | null;
  customerRank: string | null;
  branchId: string | null;
  priority: number;
  fromQuantity: string;
  unitPrice: string;
}

/** What the price is asked for. */
export interface PriceEnquiry {
  quantity: string;
  /** Civil day. */
  on: string;
  currency: string;
  customerCategory?: string | null;
  customerRank?: string | null;
  branchId?: string | null;
}

export const priceVerdicts = [
  'chosen',
  'not_yet_valid',
  'no_longer_valid',
  'other_currency',
  'other_category',
  'other_rank',
  'other_branch',
  'quantity_too_small',
  'higher_tier_applies',
  'book_with_precedence_applies',
] as const;
/** Why a price was chosen or was not. */
export type PriceVerdict = (typeof priceVerdicts)[number];

/** A price that was looked at, with the verdict. */
export interface ConsideredPrice {
  price: CandidatePrice;
  verdict: PriceVerdict;
}

/**
 * The price that applies, if any book has one, and every price that was looked at with the reason for or against it.
 */
export interface PriceChoice {
  chosen: CandidatePrice | undefined;
  considered: ConsideredPrice[];
}

/**
 * Chooses among all prices of one product. Books that are not valid on the day or meant for others are out; of the rest
 * the higher priority wins, then the book for a narrower group, then the newer one; in a book the highest tier that the
 * quantity reaches.
 */
export function choosePrice(candidates: readonly CandidatePrice[], enquiry: PriceEnquiry): PriceChoice {
  const judged = candidates.map((price) => ({ price, refusal: refusalOf(price, enquiry) }));
  const chosen = judged
    .filter(({ refusal }) => !refusal)
    .map(({ price }) => price)
    .sort(byPrecedence)[0];
  const considered = judged
    .map(({ price, refusal }): ConsideredPrice => ({
      price,
      verdict:
        refusal ??
        (price === chosen
          ? 'chosen'
          : price.bookCode === chosen?.bookCode
            ? 'higher_tier_applies'
            : 'book_with_precedence_applies'),
    }))
    .sort(
      (one, other) =>
        Number(other.verdict === 'chosen') - Number(one.verdict === 'chosen') || byPrecedence(one.price, other.price),
    );
  return { chosen, considered };
}

function refusalOf(price: CandidatePrice, enquiry: PriceEnquiry): PriceVerdict | undefined {
  if (price.validFrom > enquiry.on) return 'not_yet_valid';
  if (price.validTo !== null && price.validTo < enquiry.on) return 'no_longer_valid';
  if (price.currency !== enquiry.currency) return 'other_currency';
  if (price.customerCategory !== null && price.customerCategory !== enquiry.customerCategory) return 'other_category';
  if (price.customerRank !== null && price.customerRank !== enquiry.customerRank) return 'other_rank';
  if (price.branchId !== null && price.branchId !== enquiry.branchId) return 'other_branch';
  if (new Decimal(price.fromQuantity).greaterThan(enquiry.quantity)) return 'quantity_too_small';
  return undefined;
}

function narrowness(price: CandidatePrice): number {
  return (
    Number(price.customerRank !== null) + Number(price.customerCategory !== null) + Number(price.branchId !== null)
  );
}

/** Total: two prices are never equal, as the code of the book and the tier decide in the end. */
function byPrecedence(one: CandidatePrice, other: CandidatePrice): number {
  return (
    other.priority - one.priority ||
    narrowness(other) - narrowness(one) ||
    other.validFrom.localeCompare(one.validFrom) ||
    one.bookCode.localeCompare(other.bookCode) ||
    new Decimal(other.fromQuantity).comparedTo(one.fromQuantity)
  );
}
