import fc from 'fast-check';
import { choosePrice, type CandidatePrice, type PriceEnquiry } from './price-choice.js';

const price = (fields: Partial<CandidatePrice>): CandidatePrice => ({
  bookCode: 'GENERAL',
  bookName: 'General',
  currency: 'VND',
  validFrom: '2026-01-01',
  validTo: null,
  customerCategory: null,
  customerRank: null,
  branchId: null,
  priority: 0,
  fromQuantity: '1',
  unitPrice: '100000',
  ...fields,
});
const enquiry: PriceEnquiry = {
  quantity: '5',
  on: '2026-06-01',
  currency: 'VND',
  customerCategory: 'consumer',
  customerRank: 'gold',
  branchId: 'b1',
};
const chosenOf = (...prices: CandidatePrice[]): string | undefined => choosePrice(prices, enquiry).chosen?.unitPrice;

describe('choosePrice', () => {
  it('takes the highest tier that the quantity reaches', () => {
    expect(
      chosenOf(
        price({ unitPrice: '100' }),
        price({ fromQuantity: '5', unitPrice: '90' }),
        price({ fromQuantity: '6', unitPrice: '80' }),
      ),
    ).toBe('90');
  });

  it('knows the first and last day of a book', () => {
    expect(chosenOf(price({ validFrom: '2026-06-01', validTo: '2026-06-01' }))).toBe('100000');
    expect(
      chosenOf(price({ validFrom: '2026-06-02' }), price({ bookCode: 'OLD', validTo: '2026-05-31' })),
    ).toBeUndefined();
  });

  it('lets priority win, then the narrower group, then the newer book', () => {
    expect(chosenOf(price({ unitPrice: '1' }), price({ bookCode: 'GOLD', customerRank: 'gold', unitPrice: '2' }))).toBe(
      '2',
    );
    expect(
      chosenOf(
        price({ unitPrice: '1', priority: 1 }),
        price({ bookCode: 'GOLD', customerRank: 'gold', unitPrice: '2' }),
      ),
    ).toBe('1');
    expect(
      chosenOf(price({ unitPrice: '1' }), price({ bookCode: 'SUMMER', validFrom: '2026-05-01', unitPrice: '2' })),
    ).toBe('2');
  });

  it('says why each other price does not apply', () => {
    const { considered } = choosePrice(
      [
        price({ bookCode: 'FUTURE', validFrom: '2027-01-01' }),
        price({ bookCode: 'USD', currency: 'USD' }),
        price({ bookCode: 'GOV', customerCategory: 'government' }),
        price({ bookCode: 'DIAMOND', customerRank: 'diamond' }),
        price({ bookCode: 'HCM', branchId: 'b2' }),
        price({ fromQuantity: '10' }),
        price({}),
        price({ fromQuantity: '2' }),
        price({ bookCode: 'OTHER' }),
      ],
      enquiry,
    );
    expect(
      Object.fromEntries(
        considered.map(({ price: each, verdict }) => [`${each.bookCode} ${each.fromQuantity}`, verdict]),
      ),
    ).toEqual({
      'FUTURE 1': 'not_yet_valid',
      'USD 1': 'other_currency',
      'GOV 1': 'other_category',
      'DIAMOND 1': 'other_rank',
      'HCM 1': 'other_branch',
      'GENERAL 10': 'quantity_too_small',
      'GENERAL 1': 'higher_tier_applies',
      'GENERAL 2': 'chosen',
      'OTHER 1': 'book_with_precedence_applies',
    });
  });

  it('does not depend on the order in which prices are read', () => {
    const any = fc
      .record({
        bookCode: fc.constantFrom('A', 'B', 'C'),
        fromQuantity: fc.constantFrom('1', '3', '5', '9'),
        priority: fc.integer({ min: 0, max: 2 }),
        customerRank: fc.constantFrom(null, 'gold'),
        unitPrice: fc.integer({ min: 1, max: 9 }).map(String),
      })
      .map(price);
    const prices = fc.uniqueArray(any, { selector: (each) => `${each.bookCode} ${each.fromQuantity}`, maxLength: 8 });
    fc.assert(
      fc.property(prices, (list) =>
        expect(choosePrice(list, enquiry).chosen).toEqual(choosePrice([...list].reverse(), enquiry).chosen),
      ),
    );
  });
});
