import { visible } from '@quen/chassis';

/** Parts of a person's name; the display name stays what people read. */
export interface NameParts {
  familyName?: string;
  middleName?: string;
  givenName?: string;
}

const families = new Set([
  'nguyễn',
  'trần',
  'lê',
  'phạm',
  'hoàng',
  'huỳnh',
  'phan',
  'vũ',
  'võ',
  'đặng',
  'bùi',
  'đỗ',
  'hồ',
  'ngô',
  'dương',
  'lý',
  'đinh',
  'trịnh',
  'mai',
  'tạ',
  'cao',
  'đào',
  'lâm',
  'đoàn',
  'hà',
  'trương',
  'lương',
  'vương',
  'kiều',
  'tô',
  'châu',
  'quách',
  'từ',
  'thái',
  'la',
  'chu',
  'triệu',
  'tống',
  'nghiêm',
  'doãn',
  'phùng',
  'lưu',
  'tăng',
  'mạc',
  'thạch',
  'khúc',
  'ninh',
  'bạch',
  'ông',
  'giang',
  'văn',
  'hứa',
  'thân',
  'lục',
  'diệp',
  'cung',
  'đàm',
  'viên',
]);
const compoundFamilies = ['công tằng tôn nữ', 'công huyền tôn nữ', 'tôn nữ', 'tôn thất', 'âu dương', 'tư mã'];
const titles = [
  'anh',
  'chị',
  'ông',
  'bà',
  'cô',
  'chú',
  'bác',
  'em',
  'mr',
  'mrs',
  'ms',
  'miss',
  'dr',
  'ts',
  'ths',
  'bs',
  'gs',
  'pgs',
  'ks',
  'ls',
];

const longestPart = 100;

const bare = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').normalize('NFC');
const bareFamilies = new Set([...families].map(bare));

/**
 * White space made single, letters composed; a person's name in capitals or in small letters only gets a capital per
 * word.
 */
export function tidyName(typed: string, person: boolean): string {
  const name = visible(typed.normalize('NFC')).replace(/\s+/g, ' ').trim();
  const shouted = name === name.toLocaleUpperCase('vi') || name === name.toLocaleLowerCase('vi');
  if (!person || !shouted) return name;
  return name
    .toLocaleLowerCase('vi')
    .replace(/(^|[\s'-])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toLocaleUpperCase('vi'));
}

/**
 * Takes a form of address off a name: `Chị Nguyễn Hồng Trâm` → `Chị`, `Nguyễn Hồng Trâm`. A name of two words keeps it:
 * `Anh Tú` may be a name.
 */
export function splitTitle(name: string): { title?: string; name: string } {
  const [first = '', ...rest] = name.split(' ');
  const word = first.toLocaleLowerCase('vi').replace(/\.$/, '');
  if (rest.length < 2 || !titles.includes(word)) return { name };
  const following = rest[0]?.toLocaleLowerCase('vi') ?? '';
  // `Ông` and `Văn` are families too: what follows must begin a whole name.
  if (families.has(word) && !families.has(following)) return { name };
  return { title: first, name: rest.join(' ') };
}

/**
 * Splits a person's name. Vietnamese order is family, middle, given; a name whose first word is no Vietnamese family
 * is taken in Western order. A single word is the given name.
 */
export function splitName(displayName: string): NameParts {
  const words = displayName.split(' ').filter((word) => word !== '');
  const [first, ...rest] = words;
  if (first === undefined) return {};
  const last = rest.at(-1);
  if (last === undefined) return first.length > longestPart ? {} : { givenName: first };
  const lower = displayName.toLocaleLowerCase('vi');
  const compound = compoundFamilies.find((family) => lower.startsWith(`${family} `));
  const familyLength = compound ? compound.split(' ').length : 1;
  const vietnamese =
    compound !== undefined ||
    bareFamilies.has(bare(first.toLocaleLowerCase('vi'))) ||
    (!bareFamilies.has(bare(last.toLocaleLowerCase('vi'))) && /[^\x00-\x7f]/.test(displayName));
  if (!vietnamese) return parts(last, words.slice(1, -1), first);
  return parts(words.slice(0, familyLength).join(' '), words.slice(familyLength, -1), last);
}

/**
 * A person's name that was written in parts, whole as it is read: family, middle, given, or the given name first where
 * the family is none of Viet Nam.
 * `familyAndMiddle` is what Vietnamese forms call `họ đệm`. Undefined when nothing was written.
 */
export function joinName(typed: {
  family?: string;
  familyAndMiddle?: string;
  middle?: string;
  given?: string;
}): { whole: string; split: Required<{ [part in keyof NameParts]: string | null }> } | undefined {
  const wordsOf = (text: string | undefined): string[] => (text ? tidyName(text, false).split(' ') : []);
  const before = wordsOf(typed.familyAndMiddle);
  const familyLength =
    compoundFamilies
      .find((compound) => `${before.join(' ').toLocaleLowerCase('vi')} `.startsWith(`${compound} `))
      ?.split(' ').length ?? 1;
  const [family, middle, given] = [
    typed.family ? wordsOf(typed.family) : before.slice(0, familyLength),
    [...(typed.family ? before : before.slice(familyLength)), ...wordsOf(typed.middle)],
    wordsOf(typed.given),
  ];
  const count = family.length + middle.length + given.length;
  if (count === 0) return undefined;
  const vietnamese =
    family.length === 0 ||
    bareFamilies.has(bare((family[0] ?? '').toLocaleLowerCase('vi'))) ||
    /[^\x00-\x7f]/.test([...family, ...middle, ...given].join(''));
  const order = vietnamese ? [family, middle, given] : [given, middle, family];
  const whole = tidyName(order.flat().join(' '), true);
  const words = whole.split(' ');
  const [first, second, third] = order.map((part) => words.splice(0, part.length).join(' ') || null) as [
    string | null,
    string | null,
    string | null,
  ];
  const split = vietnamese
    ? { familyName: first, middleName: second, givenName: third }
    : { familyName: third, middleName: second, givenName: first };
  return { whole, split: count === 1 && vietnamese ? { familyName: null, middleName: null, givenName: whole } : split };
}

/**
 * A text with a part that is longer than a part can be is no person's name in parts: it keeps its display name only.
 */
function parts(familyName: string, middle: string[], givenName: string): NameParts {
  if ([familyName, middle.join(' '), givenName].some((part) => part.length > longestPart)) return {};
  return { familyName, ...(middle.length > 0 ? { middleName: middle.join(' ') } : {}), givenName };
}
