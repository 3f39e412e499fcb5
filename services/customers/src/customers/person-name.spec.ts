import { splitName, splitTitle, tidyName } from './person-name.js';

describe('tidyName', () => {
  it.each([
    ['NGUYỄN THỊ THU LAN', 'Nguyễn Thị Thu Lan'],
    ['  Lê  Hồng  Loan ', 'Lê Hồng Loan'],
    ['do thi ha', 'Do Thi Ha'],
    ['Nguyễn Văn Đức'.normalize('NFD'), 'Nguyễn Văn Đức'],
    ['McDonald Trump', 'McDonald Trump'],
  ])('%j becomes %s', (typed, name) => expect(tidyName(typed, true)).toBe(name));

  it('leaves the capitals of a firm', () => expect(tidyName('FPT  TELECOM', false)).toBe('FPT TELECOM'));
});

describe('splitTitle', () => {
  it.each([
    ['Chị Nguyễn Hồng Trâm', 'Chị', 'Nguyễn Hồng Trâm'],
    ['Ông Trần Văn Long', 'Ông', 'Trần Văn Long'],
    ['Mr. John Smith', 'Mr.', 'John Smith'],
  ])('%s', (name, title, rest) => expect(splitTitle(name)).toEqual({ title, name: rest }));

  it.each(['Anh Tú', 'Nguyễn Anh Tú', 'Ông Vĩnh Phát'])('leaves %s', (name) =>
    expect(splitTitle(name)).toEqual({ name }),
  );
});

describe('splitName', () => {
  it.each([
    ['Nguyễn Thị Thu Lan', 'Nguyễn', 'Thị Thu', 'Lan'],
    ['Tôn Nữ Thị Ninh', 'Tôn Nữ', 'Thị', 'Ninh'],
    ['do thi ha', 'do', 'thi', 'ha'],
    ['Trần Long', 'Trần', undefined, 'Long'],
    ['John Fitzgerald Kennedy', 'Kennedy', 'Fitzgerald', 'John'],
    ['Quàng Thị Ơi', 'Quàng', 'Thị', 'Ơi'],
    ['Lan', undefined, undefined, 'Lan'],
  ])('%s', (name, familyName, middleName, givenName) =>
    expect(splitName(name)).toEqual({
      ...(familyName && { familyName }),
      ...(middleName && { middleName }),
      givenName,
    }),
  );

  it.each(['x'.repeat(300), `Nguyễn ${'Thị '.repeat(30)}Lan`])(
    'gives no parts where one would be too long to keep',
    (name) => expect(splitName(name)).toEqual({}),
  );
});
