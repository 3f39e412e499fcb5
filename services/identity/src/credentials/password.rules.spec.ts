import { acceptablePassword } from './password.rules.js';

describe('acceptable password', () => {
  it.each([
    ['ten characters', 'mười ký tự', true],
    ['nine characters', 'chín kýtự', false],
    ['decomposed letters count once', 'ệệệabcdef'.normalize('NFD'), false],
    ['the sign-in name', 'Nguyen.Van.A', false],
    ['one character repeated', 'aaaaaaaaaaaaaaaa', false],
    ['over two hundred', 'abcd'.repeat(51), false],
  ])('%s', (_case, password, expected) => {
    expect(acceptablePassword(password, 'nguyen.van.a')).toBe(expected);
  });
});
