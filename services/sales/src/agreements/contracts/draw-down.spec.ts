import fc from 'fast-check';
import { Money } from '@quen/events';
import { codeOf } from '@quen/testing';
import { callOff, type ContractLine, type Drawn } from './draw-down.js';

const line = (productId: string, quantity: string, amount: number): ContractLine => ({
  productId,
  quantity,
  amount: Money.of(amount),
});
const drawn = (quantities: Record<string, string> = {}, amount = 0, lines = 0): Drawn => ({
  quantities: new Map(Object.entries(quantities)),
  amount: Money.of(amount),
  lines,
});
const contract = [line('a', '10', 1_000), line('b', '2', 500), line('a', '5', 400)];
const plain = (lines: ReturnType<typeof callOff>) =>
  lines.map(({ productId, quantity, amount }) => [productId, quantity, amount.amount]);

describe('callOff', () => {
  it("takes what is named at the contract's price, the first units first", () => {
    expect(
      plain(
        callOff('HD', contract, drawn(), [
          { productId: 'a', quantity: '4' },
          { productId: 'a', quantity: '8' },
        ]),
      ),
    ).toEqual([
      ['a', '4', '400'],
      ['a', '8', '760'],
    ]);
    expect(
      plain(
        callOff('HD', contract, drawn({ a: '12' }, 1_160, 1), [
          { productId: 'a', quantity: '3', amount: Money.of(200) },
        ]),
      ),
    ).toEqual([['a', '3', '200']]);
  });

  it('takes all that is open when nothing is named, and nothing twice', () => {
    expect(plain(callOff('HD', contract, drawn(), undefined))).toEqual([
      ['a', '10', '1000'],
      ['b', '2', '500'],
      ['a', '5', '400'],
    ]);
    expect(plain(callOff('HD', contract, drawn({ a: '11', b: '2' }, 1_580, 2), undefined))).toEqual([
      ['a', '4', '320'],
    ]);
    expect(codeOf(() => callOff('HD', contract, drawn({ a: '15', b: '2' }, 1_900, 3), undefined))).toBe(
      'contract_used_up',
    );
  });

  it('refuses what the contract has not', () => {
    expect(codeOf(() => callOff('HD', contract, drawn(), [{ productId: 'c', quantity: '1' }]))).toBe('not_in_contract');
    expect(
      codeOf(() => callOff('HD', contract, drawn({ a: '14' }, 1_320, 1), [{ productId: 'a', quantity: '2' }])),
    ).toBe('call_off_beyond_contract');
    expect(
      codeOf(() =>
        callOff('HD', contract, drawn(), [
          { productId: 'b', quantity: '1' },
          { productId: 'b', quantity: '1.5' },
        ]),
      ),
    ).toBe('call_off_beyond_contract');
    expect(
      codeOf(() => callOff('HD', contract, drawn(), [{ productId: 'b', quantity: '1', amount: Money.of(251) }])),
    ).toBe('amount_beyond_contract');
    // as many units as there were come back, their money does not
    expect(codeOf(() => callOff('HD', contract, drawn({}, 1_900, 3), undefined))).toBe('amount_beyond_contract');
  });

  it('adds up to the contract however it is called off', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), parts, (total, sizes) => {
        const whole = sizes.reduce((sum, each) => sum + each, 0);
        const agreed = [line('a', String(whole), total)];
        let [quantity, amount] = [0, 0];
        for (const [count, size] of sizes.entries()) {
          const [taken] = callOff('HD', agreed, drawn({ a: String(quantity) }, amount, count), [
            { productId: 'a', quantity: String(size) },
          ]);
          quantity += size;
          amount += Number(taken?.amount.amount);
        }
        expect(amount).toBe(total);
      }),
    );
  });
});
