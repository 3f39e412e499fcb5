import { codeFormat, formatCode } from './customer-code.js';

it('pads the number', () => expect(formatCode('KH-{000000}', 123)).toBe('KH-000123'));
it('takes more digits when needed', () => expect(formatCode('{00}/VN', 12345)).toBe('12345/VN'));
it.each(['KH-{000000}', '{0}', 'HN.{0000}-A'])('%s is a format', (format) => expect(format).toMatch(codeFormat));
it.each(['KH-000123', 'kh{000}', '{00}{00}', ''])('%j is none', (format) => expect(format).not.toMatch(codeFormat));
