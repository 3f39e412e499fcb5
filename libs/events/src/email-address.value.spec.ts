import { isEmailAddress } from './email-address.value.js';
import { compile } from './schema.js';

describe('isEmailAddress', () => {
  it.each(['lan@mail.example', 'lan.nguyen+tin@mail.example', "o'neill@mail.example"])('takes %s', (text) =>
    expect(isEmailAddress(text)).toBe(true),
  );
  it.each([
    'lê.giữa@mail.example',
    'lan\u200b@mail.example',
    '\ufefflan@mail.example',
    'lan@thư.example',
    '"lan nguyen"@mail.example',
    'lan@',
    'lan',
    '',
    `${'a'.repeat(250)}@mail.example`,
    5,
    null,
    undefined,
    'lan@[127.0.0.1]',
  ])('refuses %s', (text) => expect(isEmailAddress(text)).toBe(false));
  it('takes nothing that the published format refuses', () => {
    const published = compile({ type: 'string', format: 'email' });
    for (let point = 1; point < 0x3000; point += 1) {
      const text = `a${String.fromCodePoint(point)}b@mail.example`;
      if (isEmailAddress(text)) expect(published(text)).toBe(true);
    }
  });
});
