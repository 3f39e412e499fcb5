import { formatCode } from './next-code.js';

it.each([
  ['KH-{000000}', 123, 'KH-000123'],
  ['{00}/VN', 12345, '12345/VN'],
  ['DH{yy}-{000000}', '42', 'DH26-000042'],
])('%s of %s is %s', (form, number, code) => expect(formatCode(form, number, '2026-11-29')).toBe(code));
