import { customerSources, type ContactChannel, type CustomerCategory, type CustomerKind, type CustomerSource } from '@quen/events';
import { fold } from '@quen/chassis';

/** A civil date from `31/12/1985`, `31-12-1985`, `31.12.1985` or `1985-12-31`; undefined for no day of the calendar. */
export function readDate(text: string): string | undefined {
  const [, day, month, year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? [];
  const [, isoYear, isoMonth, isoDay] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ]00:00(?::00)?)?$/.exec(text) ?? [];
  const parts = [year ?? isoYear, month ?? isoMonth, day ?? isoDay];
  if (parts.some((part) => part === undefined)) return undefined;
  const date = parts.map((part, index) => (part ?? '').padStart(index === 0 ? 4 : 2, '0')).join('-');
  const moment = new Date(`${date}T00:00:00Z`);
  const real = !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(date);
  // The day begins 14 hours before UTC's in the easternmost zone.
  return real && date >= '1900-01-01' && moment.getTime() <= Date.now() + 14 * 3_600_000 ? date : undefined;
}

/** Whole đồng from `1500000`, `1.500.000`, `1,500,000 đ`; undefined for anything else. */
export function readDong(text: string): string | undefined {
  const number = fold(text).replace(/\s*(d|vnd|dong)$/, '').replace(/\s/g, '');
  if (/^\d{1,15}$/.test(number)) return number;
  return /^\d{1,3}([.,]\d{3})+$/.test(number) && !(number.includes('.') && number.includes(',')) ? number.replace(/[.,]/g, '') : undefined;
}

/** Words that fill a choice, folded. */
const words = {
  kind: { 'ca nhan': 'person', nguoi: 'person', person: 'person', individual: 'person', 'to chuc': 'organisation', 'doanh nghiep': 'organisation', 'cong ty': 'organisation', organisation: 'organisation', organization: 'organisation', company: 'organisation' } satisfies Record<string, CustomerKind>,
  category: {
    consumer: 'consumer', 'tieu dung': 'consumer', 'nguoi tieu dung': 'consumer', 'ca nhan': 'consumer', commercial: 'commercial-user', 'thuong mai': 'commercial-user',
    'commercial-user': 'commercial-user', 'commercial-oem': 'commercial-oem', oem: 'commercial-oem', 'commercial-distributor': 'commercial-distributor', 'dai ly': 'commercial-distributor',
    'nha phan phoi': 'commercial-distributor', distributor: 'commercial-distributor', government: 'government', 'nha nuoc': 'government', 'co quan nha nuoc': 'government', 'hanh chinh': 'government',
    institutional: 'institutional', 'to chuc': 'institutional', 'don vi su nghiep': 'institutional',
  } satisfies Record<string, CustomerCategory>,
  sex: { nu: 'female', female: 'female', f: 'female', nam: 'male', male: 'male', m: 'male', khac: 'other', other: 'other' } as const,
  language: { vi: 'vi', 'tieng viet': 'vi', vietnamese: 'vi', en: 'en', 'tieng anh': 'en', english: 'en' } as const,
  preferredChannel: {
    email: 'email', sms: 'sms', 'tin nhan': 'sms', phone: 'phone', 'dien thoai': 'phone', goi: 'phone', zalo: 'zalo', letter: 'letter', thu: 'letter', visit: 'visit', gap: 'visit',
  } satisfies Record<string, ContactChannel>,
  source: {
    ...(Object.fromEntries(customerSources.map((source) => [source, source])) as Record<string, CustomerSource>),
    'hoi thao': 'seminar', 'hoi cho': 'seminar', website: 'web', 'trang web': 'web', 'gioi thieu': 'referral', 'tong dai': 'call', 'dien thoai': 'call', 'chien dich': 'campaign',
    'cua hang': 'point-of-sale', 'dai ly': 'point-of-sale', khac: 'other',
  } as Record<string, CustomerSource>,
  lifecycle: {
    prospect: 'prospect', 'tiem nang': 'prospect', 'first-time': 'first-time', 'lan dau': 'first-time', existing: 'repeat', 'hien huu': 'repeat', repeat: 'repeat', frequent: 'frequent',
    'thuong xuyen': 'frequent', loyal: 'loyal', 'than thiet': 'loyal', dormant: 'dormant', lost: 'lost', 'won-back': 'won-back',
  } as const,
};

type Words = typeof words;

/** The choice that a word stands for, in Vietnamese or English; undefined for a word that no choice has. */
export function readChoice<K extends keyof Words>(field: K, text: string): Words[K][keyof Words[K]] | undefined {
  const choices = words[field] as Record<string, Words[K][keyof Words[K]]>;
  const word = fold(text);
  return Object.hasOwn(choices, word) ? choices[word] : undefined;
}

const yes = new Set(['co', 'yes', 'y', 'dong y', 'x', '✓', '1', 'true', 'ok', 'agree', 'agreed', 'chap thuan']);
const no = new Set(['khong', 'no', 'n', '0', 'false', 'khong dong y', 'tu choi', 'disagree', 'refused']);

/** A consent cell: true, false, `silent` when nothing is said (which is no consent), undefined when it cannot be told. */
export function readConsent(text: string): boolean | 'silent' | undefined {
  const word = fold(text);
  if (word === '') return 'silent';
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
}

/** Whether a spreadsheet would run the cell: `=…`, `@…`, or a call behind a sign. A dash before a note is a dash. */
export function looksLikeFormula(text: string): boolean {
  return /^[=@]/.test(text) || /^[+-].*[(!|]/s.test(text) && !/^[+(\d\s).-]+$/.test(text);
}
