import { consentPurposes, contactChannels, type ConsentPurpose, type ContactChannel } from '@quen/events';
import { fold } from '@quen/chassis';

/** What a column may fill, apart from consents (`consent:<purpose>:<channel>+<channel>`). */
export const columnTargets = [
  'code', 'kind', 'category', 'lifecycle', 'name', 'organisation', 'title', 'representative', 'phone', 'email', 'zalo', 'taxCode', 'citizenId',
  'address', 'province', 'ward', 'district', 'industry', 'field', 'size', 'revenue', 'birthDate', 'sex', 'source', 'needs', 'note', 'language',
  'preferredChannel', 'branch', 'department', 'customerSince',
] as const;
export type ColumnTarget = (typeof columnTargets)[number];

/** A consent that a column answers, for each of its channels. */
export interface ConsentTarget {
  purpose: ConsentPurpose;
  channels: ContactChannel[];
}

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
  [/^(ho (va )?ten|ten( khach( hang)?)?|ho va ten khach hang|khach hang|name|full ?name|display ?name|customer ?name)$/, 'name'],
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

const channelWords: [RegExp, ContactChannel][] = [
  [/e-?mail|thu dien tu/, 'email'], [/sms|tin nhan/, 'sms'], [/dien thoai|goi|phone|call/, 'phone'], [/zalo/, 'zalo'], [/thu giay|buu dien|letter/, 'letter'], [/gap|visit/, 'visit'],
];
const purposeWords: [RegExp, ConsentPurpose][] = [
  [/khao sat|survey/, 'survey'], [/cham soc|care/, 'care'], [/phan tich|profil/, 'profiling'], [/chia se|shar/, 'sharing'],
];

/**
 * What a header most probably stands for. A consent column that names no channel is an answer for the given channels only,
 * since consent holds per channel.
 */
export function guessTarget(header: string, consentChannels: ContactChannel[]): ColumnTarget | ConsentTarget | undefined {
  const text = fold(header.replace(/([a-z])([A-Z])/g, '$1 $2')).replace(/[_*:().]+/g, ' ').replace(/\s+/g, ' ').trim();
  if (/dong y|consent|chap thuan|opt ?in|nhan (tin|thong tin|quang cao)/.test(text)) {
    const named = channelWords.filter(([word]) => word.test(text)).map(([, channel]) => channel);
    return { purpose: purposeWords.find(([word]) => word.test(text))?.[1] ?? 'marketing', channels: named.length > 0 ? named : consentChannels };
  }
  return patterns.find(([pattern]) => pattern.test(text))?.[1];
}

/** Reads `consent:marketing:email+sms` or the name of a target. Undefined for anything else. */
export function readTarget(text: string): ColumnTarget | ConsentTarget | undefined {
  const target = columnTargets.find((name) => name === text);
  if (target) return target;
  const [, purposeText, channelsText] = /^consent:([a-z]+):([a-z+]+)$/.exec(text) ?? [];
  const purpose = consentPurposes.find((name) => name === purposeText);
  const channels = (channelsText ?? '').split('+').map((name) => contactChannels.find((channel) => channel === name));
  return purpose && channels.every((channel) => channel !== undefined) ? { purpose, channels: channels } : undefined;
}

/** Text form of a target, as {@link readTarget} reads it. */
export function targetText(target: ColumnTarget | ConsentTarget): string {
  return typeof target === 'string' ? target : `consent:${target.purpose}:${target.channels.join('+')}`;
}

/**
 * The columns of a file: those that the caller mapped, the rest guessed from the headers. Only phone, email and consent may be
 * filled by several columns; of others the first counts.
 */
export function mapColumns(header: readonly string[], mapping: Record<string, string | null>, consentChannels: ContactChannel[]): ColumnMap {
  const columns: ColumnMap = new Map();
  const taken = new Set<string>(Object.values(mapping).filter((target): target is string => target !== null));
  // A file of failed rows that was mended still has the three columns which say what was wrong.
  const own = header.slice(-3).join() === 'line,field,reason' ? header.slice(0, -3) : header;
  own.forEach((name, index) => {
    const told = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
    if (told === null) return;
    const target = told === undefined ? guessTarget(name, consentChannels) : readTarget(told);
    if (target === undefined) return;
    const repeatable = typeof target !== 'string' || target === 'phone' || target === 'email';
    if (told === undefined && !repeatable && taken.has(target)) return;
    taken.add(targetText(target));
    columns.set(index, target);
  });
  return columns;
}
