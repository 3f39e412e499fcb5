import { citizenIdWarnings, normalCitizenId, normalTaxCode, taxCodeWarnings } from './identity-numbers.js';

describe('tax codes', () => {
  it.each([
    ['0101243150', '0101243150'],
    ['0101243150-001', '0101243150001'],
    [' 0101 243 150 ', '0101243150'],
    ['001085012345', '001085012345'],
  ])('%s is %s', (typed, code) => expect(normalTaxCode(typed)).toBe(code));

  it.each(['12345', '01012431501', 'MST 0101243150', ''])('%j is none', (typed) =>
    expect(normalTaxCode(typed)).toBeUndefined(),
  );

  it('warns of a wrong check digit, also in a branch code', () => {
    expect(taxCodeWarnings('0101243150')).toEqual([]);
    expect(taxCodeWarnings('0101243150001')).toEqual([]);
    expect(taxCodeWarnings('0101243151')).toEqual(['tax_code_checksum']);
  });
});

describe('citizen ids', () => {
  it('needs twelve digits', () => {
    expect(normalCitizenId('001 185 012 345')).toBe('001185012345');
    expect(normalCitizenId('012345678')).toBeUndefined();
  });

  it('agrees with sex and year of birth', () => {
    expect(citizenIdWarnings('001185012345', { sex: 'female', birthDate: '1985-03-02' })).toEqual([]);
    expect(citizenIdWarnings('079203000001', { sex: 'male', birthDate: '2003-01-01' })).toEqual([]);
  });

  it('warns of another sex, another year and an unknown province', () => {
    expect(citizenIdWarnings('001185012345', { sex: 'male', birthDate: '1986-03-02' })).toEqual([
      'citizen_id_sex',
      'citizen_id_birth_year',
    ]);
    expect(citizenIdWarnings('003085012345')).toEqual(['citizen_id_province']);
  });
});
