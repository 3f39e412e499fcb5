import { normalAddress } from './address.js';

describe('addresses', () => {
  it.each([
    ['Chung@Mail.Example', 'chung@mail.example'],
    [' chung@mail.example\u00a0', 'chung@mail.example'],
    ['chung\u200b@mail.\u2060example\ufeff', 'chung@mail.example'],
    ['ｃｈｕｎｇ@mail.example', 'chung@mail.example'],
    ['chung@BÜCHER.example', 'chung@xn--bcher-kva.example'],
    ['c.h.u.n.g+tin@mail.example', 'c.h.u.n.g+tin@mail.example'],
    ['+84912345678', '+84912345678'],
  ])('takes %j as %s', (typed, kept) => expect(normalAddress(typed)).toBe(kept));

  it('keeps what is no address as it is', () => expect(normalAddress('ai@')).toBe('ai@'));
});
