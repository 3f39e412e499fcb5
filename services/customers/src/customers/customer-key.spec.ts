import { isTrusted, keyKinds, readKeys } from './customer-key.js';

const kinds = (typed: string): string[] => readKeys(typed).map(({ kind, value }) => `${kind} ${value}`);

describe('readKeys', () => {
  it('reads an e-mail address', () => expect(kinds(' Lan@Mail.example')).toEqual(['email lan@mail.example']));
  it('reads a phone in any spelling', () => expect(kinds('0912 345 678')).toContain('phone +84912345678'));
  it('takes ten digits as phone and tax code', () =>
    expect(kinds('0312345678')).toEqual(['code 0312345678', 'phone +84312345678', 'tax-code 0312345678']));
  it('reads a citizen id', () => expect(kinds('001185012345')).toContain('citizen-id 001185012345'));
  it('reads an id of another system', () => expect(kinds('Zalo:84912')).toContain('external zalo:84912'));
  it('reads a code without case', () => expect(kinds('kh-000123')).toEqual(['code KH-000123']));
  it('reads nothing from nothing', () => expect(readKeys('  ')).toEqual([]));
});

it('trusts what one person alone can have', () =>
  expect(keyKinds.filter(isTrusted)).toEqual(['code', 'tax-code', 'citizen-id', 'external']));
