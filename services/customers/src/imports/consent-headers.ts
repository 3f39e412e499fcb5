import { fold } from '@quen/chassis';
import type { ConsentPurpose, ContactChannel } from '@quen/events';

/** An answer about consent that a column holds, for each of its channels. */
export interface ConsentTarget {
  purpose: ConsentPurpose;
  channels: ContactChannel[];
  /** The column denies: a mark in it refuses, a blank says nothing. */
  refusal?: true;
  /**
   * The column denies without naming a channel: consent is also withdrawn on every other channel on which it stands.
   */
  others?: true;
}

/** `unclear`: about consent, but it cannot be told what a cell says; such a column is left out. */
export type ConsentHeader = ConsentTarget | 'consentDate' | 'unclear';

const channelWords: [RegExp, ContactChannel][] = [
  [/\be ?-?mails?\b|\bmail(ing|ings)?\b|\bthu dien tu\b/, 'email'],
  [/\bsms\b|\btin nhan\b|\btext(s|ed|ing)?\b/, 'sms'],
  [/\bdien thoai\b|\bgoi\b|\b(tele)?phones?\b|\bcall(s|ed|ing)?\b/, 'phone'],
  [/\bzalo\b/, 'zalo'],
  [/\bthu giay\b|\bbuu dien\b|\bletters?\b|\bpost(al)?\b/, 'letter'],
  [/\bgap\b|\bvisits?\b/, 'visit'],
];
const purposeWords: [RegExp, ConsentPurpose][] = [
  [/\bkhao sat\b|\bsurvey/, 'survey'],
  [/\bcham soc\b|\bcare\b/, 'care'],
  [/\bphan tich\b|\bprofil/, 'profiling'],
  [/\bchia se\b|\bshar|\bsell/, 'sharing'],
];

/** Longer headers are texts; their beginning tells enough. */
const longestHeader = 300;

/** What contact or consent is spoken of by; only together with these does a word of refusal speak of consent. */
const topicVi =
  'nhan|gui|goi|lien he|lien lac|dong y|chap thuan|chap nhan|cho phep|lam phien|quang cao|tiep thi|khao sat|chia se|e ?mails?|mail|sms|zalo|tin nhan|spam|marketing|dang ky|theo doi|cham soc|phan tich|khuyen mai|ban tin|thong tin|xu ly du lieu|su dung du lieu';
const topicEn =
  'consent\\w*|e ?mail\\w*|mail\\w*|call\\w*|contact\\w*|sms|text\\w*|messag\\w*|market\\w*|promo\\w*|advert\\w*|ads?|newsletters?|subscri\\w*|opt(ed|s)? ?in|optin|track\\w*|disturb\\w*|solicit\\w*|communicat\\w*|shar\\w*|sell\\w*|profil\\w*|survey\\w*|process\\w*|accept\\w*|agree\\w*|send\\w*|receiv\\w*|post\\w*|letters?|spam|permi\\w*|zalo|reach\\w*';

const denials = new RegExp(
  [
    `\\b(khong|ko|chang)( (muon|duoc|cho|can|nen|bi|co nhu cau|thich|phai|de nghi|toi|them|tiep tuc))* (${topicVi})\\b`,
    `\\b(huy|ngung|thoi|ngat|cam|chan|han che|loai tru|rut|thu hoi|tam dung|phan doi|xin dung)( (moi|viec|lai|bo|su|tat ca))* (${topicVi})\\b`,
    '\\bbo( tat ca)? (dang ky|nhan|theo doi)\\b',
    '\\bmien lam phien\\b',
    '\\btu choi\\b',
    '\\bdanh sach den\\b',
    '\\bphan doi\\b',
    `\\b(do ?not|don t|dont|donot|not|never|without|won t|cannot|can t|non)( (to|be|been|want|wants|wish|wishes|allow|allowed|any|more|bulk|direct|give|given|giving|further|get|have|has|yet))* (${topicEn}|phones?|fax)\\b`,
    // "No phone" may be the number of a phone.
    `\\bno( (more|further|bulk|direct|unsolicited))* (${topicEn.replace('|post\\w*|letters?', '')})\\b`,
    '\\bopt(s|ed|ing)? ?out\\b',
    '\\boptouts?\\b',
    '\\bunsub\\w*',
    '\\bunconsent\\w*',
    '\\bdisagree\\w*',
    '\\b(dnc|dncr|ndnc|dnd|dne|dnm|tps|ctps|mps|fps|robinson)\\b',
    '\\b(black|block) ?list\\w*',
    '\\bsuppress\\w*',
  ].join('|'),
  'g',
);

/** Words that deny what stands beside them, in either order: `consent withdrawn`, `refused marketing`. */
const deniesTopic = new RegExp(
  `\\b(refus\\w*|declin\\w*|reject\\w*|den(y|ies|ied|ial)|withdr\\w*|revok\\w*|object(s|ed|ion|ions|ing)?|stop\\w*|exclu\\w*|forb\\w*|prohibit\\w*|ceas\\w*|disallow\\w*|block\\w*|remov\\w*|restrict\\w*|khong con|da (huy|rut))\\b`,
);
const anyTopic = new RegExp(`\\b(${topicVi}|${topicEn})\\b`);

/** Two denials of which one undoes the other: not opted out. */
const doubleDenial =
  /\b(khong|ko|chua|chang|not|no|non|never|without|isn t|hasn t|didn t)( (co|bi|he|da|muon|been|be|yet|have|has|did|on|in|the|any|had|to))* (tu choi|huy|ngung|phan doi|rut|opt(s|ed|ing)? ?out|optouts?|unsub\w*|disagree\w*|(black|block) ?list\w*|suppress\w*|refus\w*|declin\w*|reject\w*|den(y|ied)|withdr\w*|revok\w*|object\w*|stop\w*|exclu\w*|block\w*|dnc|dnd)\b/;
const affirmed =
  /\b(dong y|chap thuan|cho phep|chap nhan|consent\w*|agree\w*|opt(ed|s)? ?in|optin|accept\w*|yes|subscribed?)\b/;

/** The same, written without blanks. */
const deniesRunTogether =
  /khong(muon)?(nhan|dongy|lienhe|lienlac|goi|gui|chapthuan|quangcao|lamphien)|tuchoi|huydangky|huynhan|ngungnhan|(donot|dont)(bulk)?(e?mail|call|contact|phone|sms|text|send|market|disturb|track|sell|share|post)|optout|optedout|unsubscri|blacklist|blocklist|^no(e?mails?|calls?|sms|marketing|contact|ads|promo\w*|newsletters?)$/;

const asked = /\b(dong y|chap thuan|consent(ed|s)?|opt(ed|s)? ?in|optin)\b/;
const askedOfTopic =
  /\b(cho phep|chap nhan|agree[ds]?|accept(s|ed)?|permission|permit(s|ted)?|subscribed|allow(s|ed)?)\b/;
const received =
  /\b(nhan|receive[s]?)\b.*\b(tin|thong tin|thong bao|quang cao|ban tin|khuyen mai|uu dai|e ?mails?|sms|zalo|newsletters?|promo\w*|offers|news|marketing)\b/;
const contactTopic =
  /\b(nhan|quang cao|tiep thi|lien he|lien lac|gui|goi|e ?mails?|sms|zalo|tin nhan|khao sat|khuyen mai|ban tin|marketing|newsletters?|contact(ed)?|messag\w*|calls?|promo\w*|advert\w*|communications?|offers|survey\w*|mail(ing)?)\b/;

/**
 * Beside these words nothing may stand in a header that asks for consent: what is not known here may turn its sense.
 */
const known = new Set(
  `da co duoc toi khach hang kh cua ve cho viec tu qua bang va hoac hay muon dang ky san sang nhan tin tuc thong bao quang cao tiep thi khuyen mai mai uu dai chuong trinh san pham dich vu moi cong ty
  chung su lien he lac gui goi dien thoai email emails e mail mails mailing thu tu sms nhan zalo gap truc giay buu khao sat cham soc phan tich chia se du lieu ca xu ly voi doi tac ben ba marketing qc dong y chap thuan phep ban
  to for of the i we us is has have been via through and or with my our your text texts phone call calls newsletter newsletters promotion promotions promotional offers news receive receives contact contacted data processing
  communications communication message messages given customer status state flag tick survey surveys care profiling sharing direct advertising explicit gdpr permission can be letter post postal visit consent consented consents
  opt opted opts in optin agree agrees agreed accept accepts accepted subscribe subscribed subscriber subscription permit permits permitted allow allows allowed ok`.split(
    /\s+/,
  ),
);

/** Evidence about an answer, not the answer. */
const evidence =
  /\b(ip|reason|ly do|campaign|id|title|source|nguon|count|so lan|lan|by|nguoi|rate|rating|score|url|link|notes?|ghi chu|comments?|version|phien ban|hinh thuc|cach|method|type|loai|proof|bang chung|form|mau|expir\w*|het han|wording|noi dung|other|user|agent|latitude|longitude|country|page|nhan vien)\b/;
const timeWord = /\b(ngay|thoi diem|thoi gian|luc|gio|date|time|timestamp|datetime|at|on|when|day|since|ts)\b/;

/**
 * What a header says about consent; undefined when it does not speak of it. Whatever denies never asks for consent, and
 * of what can be
 * read in two ways nothing is taken: a wrong guess here mails somebody who said no.
 * @param byDefault channels of a column that names none, since consent holds per channel
 */
export function readConsentHeader(header: string, byDefault: readonly ContactChannel[]): ConsentHeader | undefined {
  const read = header.slice(0, longestHeader);
  const typed = read.normalize('NFC').toLocaleLowerCase('vi');
  const folded = fold(read.replace(/([a-z])([A-Z])/g, '$1 $2'));
  // `(yes/no)` behind a question is no denial, nor is `có … không`.
  const text = folded
    .replace(/\b(co|yes|y|x)\s*[/|,]\s*(khong|no|n)\b[\s)\]?]*$/, ' ')
    .replace(/[^a-z0-9?]+/g, ' ')
    .replace(/\b(yes no|co khong) *$/, ' ')
    .replace(/\bco (.+) khong ?\?* ?$/, 'co $1')
    .replace(/^(.+) khong ?\?+ ?$/, '$1')
    .replace(/\?/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const denied = [...text.matchAll(denials)].map(([match]) => match);
  // Without marks `đừng`, `dừng` (do not, stop) cannot be told from `dùng`, `đúng` (use, right).
  const stops = /(đừng|dừng|ngừng|ngưng)/.test(typed) && anyTopic.test(text);
  const deniesIt =
    denied.length > 0 ||
    stops ||
    (deniesTopic.test(text) && anyTopic.test(text)) ||
    deniesRunTogether.test(text.replaceAll(' ', ''));
  if (deniesIt) {
    const rest = denied.reduce((left, match) => left.replace(match, ' '), text);
    const mixed = denied.length > 0 && affirmed.test(rest) && !deniesTopic.test(rest);
    if (evidence.test(text) || doubleDenial.test(text) || mixed || /\bchua\b/.test(text)) return 'unclear';
    return refusalOf(text, byDefault);
  }
  const concerns = asked.test(text) || received.test(text) || (askedOfTopic.test(text) && contactTopic.test(text));
  if (
    timeWord.test(text) &&
    (concerns || /\b(consent\w*|opt(ed|s)? ?in|optin|subscri\w*|confirm ?time|cho phep|chap thuan|dong y)\b/.test(text))
  )
    return evidence.test(text) ? 'unclear' : 'consentDate';
  if (/\bconfirm ?time\b/.test(text)) return 'consentDate';
  if (!concerns) return undefined;
  const understood = text.split(' ').every((word) => known.has(word));
  // `Đã nhận thông tin` tells what was sent, not what was allowed.
  const told = received.test(text) && /\bda nhan\b/.test(text) && !asked.test(text);
  // `Email nhận thông báo` is where to, not whether.
  const address =
    /^(e ?mail|sdt|so|dien thoai|dia chi|zalo|phone|nguoi|ten) (.* )?(nhan|receiv)/.test(text) && !asked.test(text);
  if (!understood || told || address || /\b(khong|chua|dung)\b/.test(text)) return 'unclear';
  const named = channelsOf(text, typed);
  return { purpose: purposeOf(text), channels: named.length > 0 ? named : [...byDefault] };
}

/** Whether consent may not be taken from a column, however it is mapped. */
export function denies(header: string): boolean {
  const read = readConsentHeader(header, ['email']);
  return typeof read === 'object' && read.refusal === true;
}

function refusalOf(text: string, byDefault: readonly ContactChannel[]): ConsentTarget {
  const named = channelsOf(text, '');
  const refusal: ConsentTarget = {
    purpose: purposeOf(text),
    channels: named.length > 0 ? named : [...byDefault],
    refusal: true,
  };
  // In English a mail may be a letter.
  if (/\bmail(ing|ings)?\b/.test(text) && !/\be ?mail|thu dien tu/.test(text) && !refusal.channels.includes('letter'))
    refusal.channels.push('letter');
  return named.length > 0 ? refusal : { ...refusal, others: true };
}

function channelsOf(text: string, typed: string): ContactChannel[] {
  const named = channelWords.filter(([word]) => word.test(text)).map(([, channel]) => channel);
  return typed.includes('nhắn tin') && !named.includes('sms') ? [...named, 'sms'] : named;
}

function purposeOf(text: string): ConsentPurpose {
  return purposeWords.find(([word]) => word.test(text))?.[1] ?? 'marketing';
}
