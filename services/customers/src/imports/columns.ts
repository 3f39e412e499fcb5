import { fold } from '@quen/chassis';
import { consentPurposes, contactChannels, type ContactChannel } from '@quen/events';
import { readConsentHeader, type ConsentTarget } from './consent-headers.js';

export type { ConsentTarget } from './consent-headers.js';

/** What a column may fill, apart from answers about consent (`consent:<purpose>:<channel>+<channel>`, `refusal:…`). */
export const columnTargets = [
  'code',
  'kind',
  'category',
  'lifecycle',
  'name',
  'organisation',
  'title',
  'representative',
  'phone',
  'email',
  'zalo',
  'taxCode',
  'citizenId',
  'address',
  'province',
  'ward',
  'district',
  'industry',
  'field',
  'size',
  'revenue',
  'birthDate',
  'sex',
  'source',
  'needs',
  'note',
  'language',
  'preferredChannel',
  'branch',
  'department',
  'customerSince',
  'familyName',
  'middleName',
  'familyAndMiddleName',
  'givenName',
  'consentDate',
] as const;
export type ColumnTarget = (typeof columnTargets)[number];

/** Column number → what it fills; a column without an entry is ignored. */
export type ColumnMap = Map<number, ColumnTarget | ConsentTarget>;

/** Headers as firms write them, folded; the first pattern that fits wins. */
const patterns: [RegExp, ColumnTarget][] = [
  [/^(ma (khach( hang)?|kh)|customer ?code|code|ma so khach hang)$/, 'code'],
  [/^(mst|ma so thue|tax ?(code|id|number))$/, 'taxCode'],
  [/^((so )?(cccd|cmnd|cmt|can cuoc.*|dinh danh)|citizen ?id|id ?(card|number))$/, 'citizenId'],
  [/^(loai khach( hang)?|kind|customer ?kind)$/, 'kind'],
  [/^(nhom( khach( hang)?)?|phan loai|class|category)$/, 'category'],
  [/^(giai doan|lifecycle|stage)$/, 'lifecycle'],
  [/^(nguoi dai dien|dai dien|nguoi lien he|representative|contact( person)?)$/, 'representative'],
  [/^(don vi|cong ty|ten cong ty|ten don vi|to chuc|doanh nghiep|organi[sz]ation|company( name)?)$/, 'organisation'],
  [
    /^(ho (va )?ten|ten( khach( hang)?)?|ho va ten khach hang|khach hang|name|full ?name|display ?name|customer ?name)$/,
    'name',
  ],
  [/^(ho( va)?( ten)?( chu)? (dem|lot)|ho va chu lot|family( and| &) middle names?)$/, 'familyAndMiddleName'],
  [/^(ten |chu )?(dem|lot)$|^(middle|second) ?names?( or initial)?$|^middle ?initial$/, 'middleName'],
  [/^(ho|last ?name|family ?name|sur ?name)$/, 'familyName'],
  [/^(ten (goi|rieng|chinh)|first ?name|given ?names?|fore ?name)$/, 'givenName'],
  [/^(danh xung|xung ho|title|salutation)$/, 'title'],
  [/^(zalo|so zalo|zalo ?id)$/, 'zalo'],
  [/^((so )?(dien thoai|dt|di dong|dtdd)|sdt|so may|phone( number)?s?|mobile|tel(ephone)?)( \d+)?$/, 'phone'],
  [/^(e-?mails?|thu dien tu|dia chi e-?mail)( address)?( \d+)?$/, 'email'],
  [/^(dia chi|address)$/, 'address'],
  [/^(tinh|thanh pho|tinh ?\/ ?thanh( pho)?|tinh thanh( pho)?|province|city)$/, 'province'],
  [/^(quan ?\/? ?huyen|quan|huyen|district)$/, 'district'],
  [/^(phuong ?\/? ?xa|phuong|xa|ward)$/, 'ward'],
  [/^(nganh( nghe)?|industry)$/, 'industry'],
  [/^(linh vuc|field)$/, 'field'],
  [/^(quy mo|so nhan vien|size|employees)$/, 'size'],
  [/^(doanh thu|revenue)$/, 'revenue'],
  [/^(ngay sinh|nam sinh|sinh nhat|birth ?da(te|y)|dob|date of birth)$/, 'birthDate'],
  [/^(gioi tinh|phai|sex|gender)$/, 'sex'],
  [/^(nguon( khach( hang)?)?|source)$/, 'source'],
  [/^(quan tam|nhu cau|san pham quan tam|needs?|interests?)$/, 'needs'],
  [/^(ghi chu|note|notes|remark|remarks)$/, 'note'],
  [/^(ngon ngu|language)$/, 'language'],
  [/^(kenh (uu tien|lien he)|preferred ?channel)$/, 'preferredChannel'],
  [/^(chi nhanh|cua hang|ma chi nhanh|branch( ?code)?)$/, 'branch'],
  [/^(phong ban|bo phan|department)$/, 'department'],
  [/^(khach hang tu|la khach tu|customer ?since|since)$/, 'customerSince'],
];

/**
 * What a header most probably stands for. A consent column that names no channel is an answer for the given channels
 * only,
 * since consent holds per channel.
 */
export function guessTarget(
  header: string,
  consentChannels: ContactChannel[],
): ColumnTarget | ConsentTarget | undefined {
  const consent = readConsentHeader(header, consentChannels);
  if (consent !== undefined) return consent === 'unclear' ? undefined : consent;
  const text = fold(header.slice(0, 200).replace(/([a-z])([A-Z])/g, '$1 $2'))
    .replace(/[_*:().]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return patterns.find(([pattern]) => pattern.test(text))?.[1];
}

/**
 * Reads `consent:marketing:email+sms`, `refusal:marketing:email+others` or the name of a target. Undefined for anything
 * else.
 */
export function readTarget(text: string): ColumnTarget | ConsentTarget | undefined {
  const target = columnTargets.find((name) => name === text);
  if (target) return target;
  const [, kind, purposeText, channelsText, others] =
    /^(consent|refusal):([a-z]+):([a-z+]+?)(\+others)?$/.exec(text) ?? [];
  const purpose = consentPurposes.find((name) => name === purposeText);
  const channels = (channelsText ?? '').split('+').map((name) => contactChannels.find((channel) => channel === name));
  if (!purpose || !channels.every((channel) => channel !== undefined) || (kind === 'consent' && others))
    return undefined;
  return {
    purpose,
    channels,
    ...(kind === 'refusal' && { refusal: true as const }),
    ...(others && { others: true as const }),
  };
}

/** Text form of a target, as {@link readTarget} reads it. */
export function targetText(target: ColumnTarget | ConsentTarget): string {
  return typeof target === 'string'
    ? target
    : `${target.refusal ? 'refusal' : 'consent'}:${target.purpose}:${target.channels.join('+')}${target.others ? '+others' : ''}`;
}

/** Parts of a name: beside one of them a bare `Tên` is the given name. */
const otherNameParts: readonly unknown[] = ['familyName', 'middleName', 'familyAndMiddleName'];
const bareName = /^(ten|name|ten goi|first ?name)$/;

/**
 * The columns of a file: those that the caller mapped, the rest guessed from the headers. Only phone, email, consent
 * and its day may be
 * filled by several columns; of others the first counts.
 */
export function mapColumns(
  header: readonly string[],
  mapping: Record<string, string | null>,
  consentChannels: ContactChannel[],
): ColumnMap {
  const columns: ColumnMap = new Map();
  const taken = new Set<string>(Object.values(mapping).filter((target): target is string => target !== null));
  const guesses = new Map<string, ReturnType<typeof guessTarget>>(
    header.map((name) => [name, guessTarget(name, consentChannels)]),
  );
  const inParts = [...guesses.values(), ...taken].some((target) => otherNameParts.includes(target));
  // A file of failed rows that was mended still has the three columns which say what was wrong.
  const own = header.slice(-3).join() === 'line,field,reason' ? header.slice(0, -3) : header;
  own.forEach((name, index) => {
    const told = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
    if (told === null) return;
    const guess = inParts && bareName.test(fold(name)) ? 'givenName' : guesses.get(name);
    const target = told === undefined ? guess : readTarget(told);
    if (target === undefined) return;
    const repeatable =
      typeof target !== 'string' || target === 'phone' || target === 'email' || target === 'consentDate';
    if (told === undefined && !repeatable && taken.has(target)) return;
    taken.add(targetText(target));
    columns.set(index, target);
  });
  return columns;
}
