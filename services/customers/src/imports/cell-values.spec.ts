import { looksLikeFormula, readChoice, readConsent, readDate, readDong } from './cell-values.js';

it.each([
  ['12/09/1981', '1981-09-12'],
  ['2/3/1990', '1990-03-02'],
  ['1990-03-02', '1990-03-02'],
  ['02.03.1990', '1990-03-02'],
  ['1990-03-02 00:00:00', '1990-03-02'],
])('%s is the day %s', (text, date) => expect(readDate(text)).toBe(date));
it.each(['31/02/1985', 'năm 1985', '1990-13-45', '1985', '12/09/81', '01/01/1800', '01/01/3000', ''])(
  '%j is no day',
  (text) => expect(readDate(text)).toBeUndefined(),
);
it.each([
  ['1500000', '1500000'],
  ['1.500.000 đ', '1500000'],
  ['1,500,000', '1500000'],
  ['1 500 000 VND', '1500000'],
])('%s is %s đồng', (text, amount) => expect(readDong(text)).toBe(amount));
it.each(['1,5 tỷ', '1.5', '-3', 'n/a'])('%j is no amount', (text) => expect(readDong(text)).toBeUndefined());
it('reads choices in both languages', () => {
  expect(readChoice('sex', 'Nữ')).toBe('female');
  expect(readChoice('category', 'Đại lý')).toBe('commercial-distributor');
  expect(readChoice('source', 'Hội thảo')).toBe('seminar');
  expect(readChoice('source', 'constructor')).toBeUndefined();
});
it.each([
  ['Đồng ý', true],
  ['không', false],
  ['', 'silent'],
  ['để xem', undefined],
  ['X', true],
])('consent %j is %s', (text, answer) => expect(readConsent(text)).toBe(answer));
it.each(['=HYPERLINK("x")', "@SUM(1+1)*cmd|' /C calc'!A0", '+cmd(1)', '-2+3+cmd|x'])('%s is a formula', (text) =>
  expect(looksLikeFormula(text)).toBe(true),
);
it.each(['- gọi lại', '+84 (91) 234-5678', '-5', 'a=b'])('%s is none', (text) =>
  expect(looksLikeFormula(text)).toBe(false),
);
