import {
  candidateScore,
  duplicateScore,
  idsDiffer,
  namesAgree,
  similarity,
  type Comparable,
} from './duplicate-score.js';

const lan: Comparable = {
  kind: 'person',
  displayName: 'Nguyễn Thị Thu Lan',
  phones: [{ e164: '+84912345678' }],
  emails: ['lan@mail.example'],
};
const person = (changes: Partial<Comparable>): Comparable => ({
  kind: 'person',
  displayName: 'Trần Văn Long',
  phones: [],
  emails: [],
  ...changes,
});
const codes = (one: Comparable, other: Comparable): string[] =>
  duplicateScore(one, other).reasons.map(({ code }) => code);

describe('duplicateScore', () => {
  it('is sure of the same tax code', () => {
    const result = duplicateScore(
      person({ taxCode: '0101243150' }),
      person({ taxCode: '0101243150', displayName: 'Khác hẳn' }),
    );
    expect(result).toMatchObject({ score: 100, sure: true });
  });

  it('is not sure when another trusted id differs', () => {
    const result = duplicateScore(
      person({ taxCode: '0101243150', citizenId: '001185012345' }),
      person({ taxCode: '0101243150', citizenId: '001185012346' }),
    );
    expect(result.sure).toBe(false);
  });

  it('counts phone and name, whatever the marks', () => {
    const result = duplicateScore(
      lan,
      person({ displayName: 'NGUYEN THI THU LAN', phones: [{ e164: '+84912345678' }] }),
    );
    expect(result.score).toBe(80);
    expect(result.sure).toBe(false);
  });

  it('finds a common name alone no candidate', () =>
    expect(duplicateScore(lan, person({ displayName: 'Nguyễn Thị Thu Lan' })).score).toBeLessThan(candidateScore));
  it('finds name and day of birth a candidate', () => {
    const born = { displayName: 'Nguyễn Thị Thu Lan', birthDate: '1985-03-02' };
    expect(duplicateScore(person(born), person(born)).score).toBeGreaterThanOrEqual(candidateScore);
  });
  it('takes points off for another day of birth', () =>
    expect(codes(person({ birthDate: '1985-03-02' }), person({ birthDate: '1985-03-03' }))).toContain(
      'different_birth_date',
    ));
  it('knows a dependent unit of one firm', () =>
    expect(codes(person({ taxCode: '0101243150' }), person({ taxCode: '0101243150001' }))).toContain(
      'same_head_office',
    ));
  it('knows a Zalo account', () => {
    const zalo = { externalIds: [{ system: 'zalo', id: '77' }] };
    expect(duplicateScore(person(zalo), person({ ...zalo, displayName: 'X' })).sure).toBe(true);
  });
});

describe('names', () => {
  it('agree in another spelling', () =>
    expect(namesAgree(lan, person({ displayName: 'nguyen thi thu  lan' }))).toBe(true));
  it('agree when the representative is the person', () =>
    expect(
      namesAgree(
        person({ kind: 'organisation', displayName: 'Công ty An Phát', representative: 'Nguyễn Thị Thu Lan' }),
        lan,
      ),
    ).toBe(true));
  it('differ for husband and wife on one phone', () =>
    expect(namesAgree(lan, person({ displayName: 'Trần Văn Long' }))).toBe(false));
  it('are alike from 0 to 1', () => {
    expect(similarity('', '')).toBe(0);
    expect(similarity('Đỗ Hà', 'do ha')).toBe(1);
    expect(similarity('Nguyễn Văn Hùng', 'Nguyễn Văn Hưng')).toBe(1);
  });
});

it('ids that are missing do not differ', () => {
  expect(idsDiffer(person({ taxCode: '0101243150' }), lan)).toBe(false);
  expect(idsDiffer(person({ taxCode: '0101243150' }), person({ taxCode: '0101243168' }))).toBe(true);
});
