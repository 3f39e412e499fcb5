import { civilDay, defaultZone, fold, readDay } from '@quen/chassis';
import {
  customerSources,
  type ContactChannel,
  type CustomerCategory,
  type CustomerKind,
  type CustomerSource,
} from '@quen/events';

/** Words that fill a choice, folded. */
export const words = {
  kind: {
    'ca nhan': 'person',
    nguoi: 'person',
    person: 'person',
    individual: 'person',
    'to chuc': 'organisation',
    'doanh nghiep': 'organisation',
    'cong ty': 'organisation',
    organisation: 'organisation',
    organization: 'organisation',
    company: 'organisation',
  } satisfies Record<string, CustomerKind>,
  category: {
    consumer: 'consumer',
    'tieu dung': 'consumer',
    'nguoi tieu dung': 'consumer',
    'ca nhan': 'consumer',
    commercial: 'commercial-user',
    'thuong mai': 'commercial-user',
    'commercial-user': 'commercial-user',
    'commercial-oem': 'commercial-oem',
    oem: 'commercial-oem',
    'commercial-distributor': 'commercial-distributor',
    'dai ly': 'commercial-distributor',
    'nha phan phoi': 'commercial-distributor',
    distributor: 'commercial-distributor',
    government: 'government',
    'nha nuoc': 'government',
    'co quan nha nuoc': 'government',
    'hanh chinh': 'government',
    institutional: 'institutional',
    'to chuc': 'institutional',
    'don vi su nghiep': 'institutional',
  } satisfies Record<string, CustomerCategory>,
  sex: {
    nu: 'female',
    female: 'female',
    f: 'female',
    nam: 'male',
    male: 'male',
    m: 'male',
    khac: 'other',
    other: 'other',
  } as const,
  language: { vi: 'vi', 'tieng viet': 'vi', vietnamese: 'vi', en: 'en', 'tieng anh': 'en', english: 'en' } as const,
  preferredChannel: {
    email: 'email',
    sms: 'sms',
    'tin nhan': 'sms',
    phone: 'phone',
    'dien thoai': 'phone',
    goi: 'phone',
    zalo: 'zalo',
    letter: 'letter',
    thu: 'letter',
    visit: 'visit',
    gap: 'visit',
  } satisfies Record<string, ContactChannel>,
  source: {
    ...(Object.fromEntries(customerSources.map((source) => [source, source])) as Record<string, CustomerSource>),
    'hoi thao': 'seminar',
    'hoi cho': 'seminar',
    website: 'web',
    'trang web': 'web',
    'gioi thieu': 'referral',
    'tong dai': 'call',
    'dien thoai': 'call',
    'chien dich': 'campaign',
    'cua hang': 'point-of-sale',
    'dai ly': 'point-of-sale',
    khac: 'other',
  } as Record<string, CustomerSource>,
  lifecycle: {
    prospect: 'prospect',
    'tiem nang': 'prospect',
    'first-time': 'first-time',
    'lan dau': 'first-time',
    existing: 'repeat',
    'hien huu': 'repeat',
    repeat: 'repeat',
    frequent: 'frequent',
    'thuong xuyen': 'frequent',
    loyal: 'loyal',
    'than thiet': 'loyal',
    dormant: 'dormant',
    lost: 'lost',
    'won-back': 'won-back',
  } as const,
};

/**
 * The day of a consent: a civil day, whatever hour stands beside it, or an instant that names its zone; undefined for
 * none, and for one to come.
 */
export function readConsentDay(text: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text))
    return Date.parse(text) <= Date.now() ? text : undefined;
  const read = readDay(text, { zone: defaultZone });
  return 'day' in read && read.day >= '1900-01-01' && read.day <= civilDay(new Date(), defaultZone)
    ? read.day
    : undefined;
}

/** A mark, whatever the column asks. */
const mark = ['co', 'yes', 'y', 'x', '✓', '✔', '☑', '✅', 'v', '1', 'true', 't', 'ok', 'on'];
const noMark = ['khong', 'ko', 'no', 'n', '0', 'false', 'f', 'off', '☐', '-'];
const agrees = [
  'dong y',
  'da dong y',
  'agree',
  'agreed',
  'chap thuan',
  'opt in',
  'opt-in',
  'opted in',
  'optin',
  'subscribed',
  'consented',
  'accepted',
  'granted',
];
const denies = [
  'khong dong y',
  'khong nhan',
  'tu choi',
  'da tu choi',
  'huy dang ky',
  'da huy',
  'da huy dang ky',
  'disagree',
  'refused',
  'declined',
  'denied',
  'rejected',
  'withdrawn',
  'revoked',
  'opt out',
  'opt-out',
  'opted out',
  'optout',
  'unsubscribed',
  'unsubscribe',
  'never',
  '✗',
  '✘',
  '❌',
];
const unanswered = new Set([
  '',
  'chua',
  'chua dong y',
  'n/a',
  'never_subscribed',
  'never subscribed',
  'not_subscribed',
  'not subscribed',
  'pending',
  'unknown',
  'khong ro',
]);
const yes = new Set([...mark, ...agrees]);
const no = new Set([...noMark, ...denies]);
const denied = new Set([...mark, ...denies]);
const notDenied = new Set(noMark);

/**
 * A cell of a column that asks for consent: true, false, `silent` when nothing is said (which is no consent), undefined
 * when it cannot be told.
 */
export function readConsent(text: string): boolean | 'silent' | undefined {
  const word = fold(text);
  if (unanswered.has(word)) return 'silent';
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
}

/**
 * A cell of a column that denies: false where it is marked, from the day that stands there; else nothing is said, least
 * of all a consent. Undefined when it cannot be told.
 */
export function readRefusal(text: string): { given: false; on?: string } | 'silent' | undefined {
  const word = fold(text);
  if (unanswered.has(word) || notDenied.has(word)) return 'silent';
  const on = readConsentDay(text);
  return on !== undefined || denied.has(word) ? { given: false, on } : undefined;
}
