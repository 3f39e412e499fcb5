import { PhoneNumber } from './phone-number.value.js';

it.each([
  ['0912345678', '+84912345678'],
  ['+84 912 345 678', '+84912345678'],
  ['+84 (0) 912.345.678', '+84912345678'],
  ['84912345678', '+84912345678'],
  ['0084912345678', '+84912345678'],
  ['0123 456 7890', '+84834567890'],
  ['01699-123-456', '+84399123456'],
  ['(024) 3825 1234', '+842438251234'],
  ['+1 415 555 2671', '+14155552671'],
])('%s is %s', (typed, e164) => expect(PhoneNumber.parse(typed)?.e164).toBe(e164));

it.each(['', 'không có', '12', '09123', '=HYPERLINK("x")', '0'.repeat(50)])('%s is no number', (typed) =>
  expect(PhoneNumber.parse(typed)).toBeUndefined(),
);

it('keeps the typed form', () => expect(PhoneNumber.parse(' 0912 345 678 ')?.typed).toBe('0912 345 678'));
