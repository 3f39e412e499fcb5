import { fold } from '@quen/chassis';

/** What two records are compared by. */
export interface Comparable {
  kind: string;
  displayName: string;
  representative?: string | null;
  phones: readonly { e164: string }[];
  emails: readonly string[];
  taxCode?: string | null;
  citizenId?: string | null;
  externalIds?: readonly { system: string; id: string }[] | null;
  birthDate?: string | null;
  address?: { text: string } | null;
}

/** Why two records look alike or not, with the points that it gave. */
export interface DuplicateReason {
  code:
    | 'same_tax_code'
    | 'same_citizen_id'
    | 'same_external_id'
    | 'different_tax_code'
    | 'different_citizen_id'
    | 'same_head_office'
    | 'same_phone'
    | 'same_email'
    | 'same_name'
    | 'similar_name'
    | 'same_birth_date'
    | 'different_birth_date'
    | 'similar_address';
  points: number;
}

export interface DuplicateScore {
  /** 0 to 100. */
  score: number;
  reasons: DuplicateReason[];
  /** A trusted id is the same and none differs: the same customer beyond doubt. */
  sure: boolean;
}

/** From this score on a pair is worth a person's look; a common name alone stays below. */
export const candidateScore = 40;

/** How much two texts share, from 0 to 1: Dice's coefficient over pairs of letters of the folded words. */
export function similarity(one: string, other: string): number {
  const [a, b] = [fold(one), fold(other)];
  if (a === b) return a === '' ? 0 : 1;
  const pairs = (text: string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const word of text.split(/[^a-z0-9]+/)) {
      const padded = ` ${word} `;
      for (let at = 0; at < padded.length - 1 && word !== ''; at += 1)
        counts.set(padded.slice(at, at + 2), (counts.get(padded.slice(at, at + 2)) ?? 0) + 1);
    }
    return counts;
  };
  const [left, right] = [pairs(a), pairs(b)];
  const size = (counts: Map<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
  const shared = [...left].reduce((sum, [pair, count]) => sum + Math.min(count, right.get(pair) ?? 0), 0);
  return size(left) + size(right) === 0 ? 0 : (2 * shared) / (size(left) + size(right));
}

/** Whether two records can carry names of the same customer: spelling, marks and order of words may differ. */
export function namesAgree(one: Comparable, other: Comparable): boolean {
  const names = (record: Comparable): string[] =>
    [record.displayName, record.representative ?? ''].filter((name) => name !== '');
  return names(one).some((a) => names(other).some((b) => similarity(a, b) >= 0.7));
}

/** Whether an id that only one customer can have differs between the two. */
export function idsDiffer(one: Comparable, other: Comparable): boolean {
  return differ(one.taxCode, other.taxCode) || differ(one.citizenId, other.citizenId);
}

/** Scores how likely two records are one customer, with the reasons. */
export function duplicateScore(one: Comparable, other: Comparable): DuplicateScore {
  const reasons: DuplicateReason[] = [];
  const add = (code: DuplicateReason['code'], points: number, applies: boolean): void =>
    void (applies && reasons.push({ code, points }));

  const headOffice =
    one.taxCode &&
    other.taxCode &&
    one.taxCode !== other.taxCode &&
    one.taxCode.length !== other.taxCode.length &&
    one.taxCode.slice(0, 10) === other.taxCode.slice(0, 10);
  add('same_tax_code', 100, same(one.taxCode, other.taxCode));
  add('same_citizen_id', 100, same(one.citizenId, other.citizenId));
  add('same_external_id', 100, shares(externals(one), externals(other)));
  add('same_head_office', 20, headOffice === true);
  add('different_tax_code', -60, differ(one.taxCode, other.taxCode));
  add('different_citizen_id', -60, differ(one.citizenId, other.citizenId));
  add(
    'same_phone',
    50,
    shares(
      one.phones.map(({ e164 }) => e164),
      other.phones.map(({ e164 }) => e164),
    ),
  );
  add('same_email', 45, shares(one.emails, other.emails));

  const alike = similarity(one.displayName, other.displayName);
  const organisations = one.kind === 'organisation' && other.kind === 'organisation';
  add('same_name', organisations ? 45 : 30, alike === 1);
  add('similar_name', Math.round(alike * 25), alike < 1 && alike >= 0.7);
  add('same_birth_date', 20, same(one.birthDate, other.birthDate));
  add('different_birth_date', -25, differ(one.birthDate, other.birthDate));
  add('similar_address', 10, similarity(one.address?.text ?? '', other.address?.text ?? '') >= 0.75);

  const sum = reasons.reduce((total, { points }) => total + points, 0);
  const sure = reasons.some(({ points }) => points === 100) && !idsDiffer(one, other);
  return { score: Math.max(0, Math.min(100, sum)), reasons, sure };
}

function externals(record: Comparable): string[] {
  return (record.externalIds ?? []).map(({ system, id }) => `${system.toLowerCase()}:${id}`);
}

function same(one?: string | null, other?: string | null): boolean {
  return Boolean(one) && one === other;
}

function differ(one?: string | null, other?: string | null): boolean {
  return Boolean(one) && Boolean(other) && one !== other;
}

function shares(one: readonly string[], other: readonly string[]): boolean {
  return one.some((value) => other.includes(value));
}
