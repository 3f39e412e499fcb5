import { seal, unseal } from './sealed-text.js';

const secret = 'a long secret from the environment';

describe('sealed text', () => {
  it('opens with the same secret only', () => {
    const sealed = seal('private key', secret);
    expect(sealed).not.toContain('private');
    expect(unseal(sealed, secret)).toBe('private key');
    expect(() => unseal(sealed, 'another secret of some length')).toThrow(/SIGNING_KEY_SECRET/);
    expect(() => unseal(sealed, undefined)).toThrow(/SIGNING_KEY_SECRET/);
  });

  it('is kept open without a secret', () => {
    expect(unseal(seal('private key', undefined), secret)).toBe('private key');
  });
});
