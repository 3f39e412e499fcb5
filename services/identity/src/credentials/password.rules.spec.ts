import { passwordFault } from './password.rules.js';

describe('a password', () => {
  it.each([
    ['ten characters', 'mười ký tự', undefined],
    ['nine characters', 'chín kýtự', 'weak'],
    ['decomposed letters count once', 'ệệệabcdef'.normalize('NFD'), 'weak'],
    ['the sign-in name', 'Nguyen.Van.A', 'weak'],
    ['the sign-in name in disguise', 'Nguyen.Van.A1', 'common'],
    ['one character repeated', 'aaaaaaaaaaaaaaaa', 'weak'],
    ['over two hundred', 'abcd'.repeat(51), 'weak'],
    ['figures in order', '1234567890', 'common'],
    ['a row of keys', 'qwertyuiop', 'common'],
    ['a common word with figures', 'Password1234', 'common'],
    ['the same in disguise', 'P@ssw0rd1234', 'common'],
    ['a common word of this country', 'matkhau12345', 'common'],
    ['a place with a year', 'Vietnam@2024', 'common'],
    ['a day', '20/11/1990', 'common'],
    ['a sentence', 'trăng sáng vườn chè', undefined],
    ['what an administrator draws', '7Vt0sQ2mXb9LhD4w', undefined],
  ])('%s: %s is %s', (_case, password, fault) => {
    expect(passwordFault(password, 'nguyen.van.a')).toBe(fault);
  });

  it('of any length is judged in a moment', () => {
    const begun = performance.now();
    passwordFault('p@ssw0rd'.repeat(25), 'nguyen.van.a');
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
