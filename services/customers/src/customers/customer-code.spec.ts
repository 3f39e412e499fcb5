import { codeFormat } from './customer-code.js';

it.each(['KH-{000000}', '{0}', 'HN.{0000}-A'])('%s is a format', (format) => expect(format).toMatch(codeFormat));
it.each(['KH-000123', 'kh{000}', '{00}{00}', ''])('%j is none', (format) => expect(format).not.toMatch(codeFormat));
