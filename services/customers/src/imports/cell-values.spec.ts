import { readConsent } from './cell-values.js';

it.each([
  ['Đồng ý', true],
  ['không', false],
  ['', 'silent'],
  ['để xem', undefined],
  ['X', true],
])('consent %j is %s', (text, answer) => expect(readConsent(text)).toBe(answer));
