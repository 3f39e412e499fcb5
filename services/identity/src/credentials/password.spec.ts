import { hashPassword, verifyPassword } from './password.js';

describe('password', () => {
  it('accepts the password that was hashed, however its accents were typed', async () => {
    const stored = await hashPassword('Mật khẩu rất dài'.normalize('NFC'));
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(stored, 'Mật khẩu rất dài'.normalize('NFD'))).toBe(true);
  });

  it('refuses another password', async () => {
    expect(await verifyPassword(await hashPassword('one thing'), 'another thing')).toBe(false);
  });

  it('refuses when there is no stored password or it cannot be read', async () => {
    expect(await verifyPassword(null, 'anything')).toBe(false);
    expect(await verifyPassword('plain text', 'plain text')).toBe(false);
  });

  it('never makes the same hash twice', async () => {
    expect(await hashPassword('same')).not.toEqual(await hashPassword('same'));
  });
});
