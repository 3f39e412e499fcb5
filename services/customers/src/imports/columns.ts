import {
  choiceColumn as choice,
  column,
  ColumnSet,
  day,
  isPlaceholderName,
  money,
  name,
  readEmails,
  readPhones,
  textColumn as text,
  type CellRead,
  type Column,
  type Columns,
  type MoreColumns,
  type RowOf,
} from '@quen/chassis';
import {
  consentPurposes,
  contactChannels,
  customerCategories,
  customerKinds,
  customerSources,
  isEmailAddress,
  lifecycleStages,
  type ConsentPurpose,
  type ContactChannel,
  type PhoneNumber,
} from '@quen/events';
import { normalCitizenId, normalEmail, normalTaxCode, readPhone } from '../customers/customers.service.js';
import { readConsent, readConsentDay, readRefusal, words } from './cell-values.js';
import { denies, readConsentHeader, type ConsentTarget } from './consent-headers.js';

export type { ConsentTarget } from './consent-headers.js';

/** An answer that a cell gives on each of its column's channels. */
export interface CellConsent {
  purpose: ConsentPurpose;
  channels: readonly ContactChannel[];
  given: boolean;
  /** Day or instant that the cell itself tells. */
  on?: string;
  /** A refusal that names no channel: consent on others is withdrawn, too. */
  others?: true;
}

const normal = (read: (typed: string) => string | undefined, fault: string): ((typed: string) => CellRead<string>) => {
  return (typed) => {
    const value = read(typed);
    return value === undefined ? { fault } : { value };
  };
};
const phones = (typed: string): CellRead<PhoneNumber[]> => {
  const { values, left } = readPhones(typed, readPhone);
  return values.length > 0 ? { value: values, left } : { fault: 'phone_invalid' };
};
/** All or nothing: of a torn address the half that looks whole may be another one. */
const emails = (typed: string): CellRead<string[]> => {
  const read = readEmails(typed, (one) => (isEmailAddress(normalEmail(one)) ? normalEmail(one) : undefined));
  return read.left.length > 0 || read.values.length === 0 ? { fault: 'email_invalid' } : { value: read.values };
};
const consentDays = (typed: string): CellRead<string[]> => {
  const on = readConsentDay(typed);
  return on === undefined ? { fault: 'consent_day_unreadable' } : { value: [on] };
};

/** What a column may fill, with headings as firms write them, folded; the first that fits wins. */
export const customerColumns = {
  code: text({
    need: 'key',
    most: 40,
    blank: isPlaceholderName,
    headings: [/^(ma (khach( hang)?|kh)|customer ?code|code|ma so khach hang)$/],
  }),
  taxCode: column(normal(normalTaxCode, 'tax_code_invalid'), {
    need: 'key',
    headings: [/^(mst|ma so thue|tax ?(code|id|number))$/],
  }),
  citizenId: column(normal(normalCitizenId, 'citizen_id_invalid'), {
    need: 'key',
    headings: [/^((so )?(cccd|cmnd|cmt|can cuoc.*|dinh danh)|citizen ?id|id ?(card|number))$/],
  }),
  kind: choice(customerKinds, words.kind, { headings: [/^(loai khach( hang)?|kind|customer ?kind)$/] }),
  category: choice(customerCategories, words.category, {
    headings: [/^(nhom( khach( hang)?)?|phan loai|class|category)$/],
  }),
  lifecycle: choice(lifecycleStages, words.lifecycle, { headings: [/^(giai doan|lifecycle|stage)$/] }),
  representative: text({
    most: 200,
    headings: [/^(nguoi dai dien|dai dien|nguoi lien he|representative|contact( person)?)$/],
  }),
  organisation: name({
    need: 'key',
    most: 300,
    headings: [/^(don vi|cong ty|ten cong ty|ten don vi|to chuc|doanh nghiep|organi[sz]ation|company( name)?)$/],
  }),
  name: name({
    need: 'key',
    most: 300,
    headings: [
      /^(ho (va )?ten|ten( khach( hang)?)?|ho va ten khach hang|khach hang|name|full ?name|display ?name|customer ?name)$/,
    ],
  }),
  familyAndMiddleName: name({
    need: 'key',
    most: 200,
    headings: [/^(ho( va)?( ten)?( chu)? (dem|lot)|ho va chu lot|family( and| &) middle names?)$/],
  }),
  middleName: name({
    need: 'key',
    most: 100,
    headings: [/^(ten |chu )?(dem|lot)$|^(middle|second) ?names?( or initial)?$|^middle ?initial$/],
  }),
  familyName: name({ need: 'key', most: 100, headings: [/^(ho|last ?name|family ?name|sur ?name)$/] }),
  givenName: name({
    need: 'key',
    most: 100,
    headings: [/^(ten (goi|rieng|chinh)|first ?name|given ?names?|fore ?name)$/],
  }),
  title: text({ most: 60, headings: [/^(danh xung|xung ho|title|salutation)$/] }),
  zalo: text({ need: 'key', most: 100, headings: [/^(zalo|so zalo|zalo ?id)$/] }),
  phone: column(phones, {
    need: 'key',
    many: true,
    headings: [/^((so )?(dien thoai|dt|di dong|dtdd)|sdt|so may|phone( number)?s?|mobile|tel(ephone)?)( \d+)?$/],
  }),
  email: column(emails, {
    need: 'key',
    many: true,
    headings: [/^(e-?mails?|thu dien tu|dia chi e-?mail)( address)?( \d+)?$/],
  }),
  address: text({ headings: [/^(dia chi|address)$/] }),
  province: text({
    most: 100,
    headings: [/^(tinh|thanh pho|tinh ?\/ ?thanh( pho)?|tinh thanh( pho)?|province|city)$/],
  }),
  district: text({ most: 100, headings: [/^(quan ?\/? ?huyen|quan|huyen|district)$/] }),
  ward: text({ most: 100, headings: [/^(phuong ?\/? ?xa|phuong|xa|ward)$/] }),
  industry: text({ most: 100, headings: [/^(nganh( nghe)?|industry)$/] }),
  field: text({ most: 100, headings: [/^(linh vuc|field)$/] }),
  size: text({ most: 60, headings: [/^(quy mo|so nhan vien|size|employees)$/] }),
  revenue: money({ headings: [/^(doanh thu|revenue)$/] }),
  birthDate: day({ headings: [/^(ngay sinh|nam sinh|sinh nhat|birth ?da(te|y)|dob|date of birth)$/] }),
  sex: choice(['female', 'male', 'other'], words.sex, { headings: [/^(gioi tinh|phai|sex|gender)$/] }),
  source: choice(customerSources, words.source, { headings: [/^(nguon( khach( hang)?)?|source)$/] }),
  needs: text({ most: 1000, headings: [/^(quan tam|nhu cau|san pham quan tam|needs?|interests?)$/] }),
  note: text({ most: 2000, headings: [/^(ghi chu|note|notes|remark|remarks)$/] }),
  language: choice(['vi', 'en'], words.language, { headings: [/^(ngon ngu|language)$/] }),
  preferredChannel: choice(contactChannels, words.preferredChannel, {
    headings: [/^(kenh (uu tien|lien he)|preferred ?channel)$/],
  }),
  branch: text({ need: 'key', most: 20, headings: [/^(chi nhanh|cua hang|ma chi nhanh|branch( ?code)?)$/] }),
  department: text({ most: 60, headings: [/^(phong ban|bo phan|department)$/] }),
  customerSince: day({ headings: [/^(khach hang tu|la khach tu|customer ?since|since)$/] }),
  consentDate: column(consentDays, { many: true }),
} satisfies Columns;

export type CustomerColumns = typeof customerColumns;
/** What a row of a customer list says, by column. */
export type CustomerCells = RowOf<CustomerColumns>;

/** Parts of a name: beside one of them a bare `Tên` is the given name. */
const otherNameParts: readonly unknown[] = ['familyName', 'middleName', 'familyAndMiddleName'];
const bareName = /^\s*(tên|ten|name|tên gọi|ten goi|first ?name)\s*$/i;

/**
 * The columns of customer lists. Answers about consent are columns, too: `consent:<purpose>:<channel>+<channel>`, and
 * `refusal:…` of those that deny.
 * @param consentChannels channels of a consent column that names none, since consent holds per channel
 */
export function customerColumnSet(consentChannels: readonly ContactChannel[]): ColumnSet<CustomerColumns> {
  const more: MoreColumns = {
    guess: (header) => {
      const read = readConsentHeader(header, consentChannels);
      return read === undefined ? undefined : read === 'unclear' ? null : targetText(read);
    },
    column: (target) => {
      const read = readTarget(target);
      return read && consentColumn(read);
    },
    among: (header, targets) =>
      bareName.test(header.normalize('NFC')) && targets.some((target) => otherNameParts.includes(target))
        ? 'givenName'
        : undefined,
    refuses: (header, target) =>
      target.startsWith('consent:') && denies(header)
        ? {
            code: 'header_denies',
            message: 'must not be consent: the header denies it; use refusal:<purpose>:<channel>',
            vi: 'không được là consent: tiêu đề có nghĩa từ chối; hãy dùng refusal:<purpose>:<channel>',
          }
        : undefined,
  };
  return new ColumnSet(customerColumns, more);
}

/** Of what a person said of consent nothing is guessed: a cell that cannot be told costs its row. */
function consentColumn({ purpose, channels, refusal, others }: ConsentTarget): Column<CellConsent[]> {
  return column<CellConsent[]>(
    (typed) => {
      const read = refusal ? readRefusal(typed) : readConsent(typed);
      if (read === undefined) return { fault: 'value_unknown' };
      if (read === 'silent') return { value: [] };
      const answer = typeof read === 'boolean' ? { given: read } : read;
      return { value: [{ purpose, channels, ...answer, ...(others && { others: true as const }) }] };
    },
    { need: 'key', many: true, blank: () => false },
  );
}

/** Reads `consent:marketing:email+sms` or `refusal:marketing:email+others`. Undefined for anything else. */
export function readTarget(text: string): ConsentTarget | undefined {
  const [, kind, purposeText, channelsText, others] =
    /^(consent|refusal):([a-z]+):([a-z+]+?)(\+others)?$/.exec(text) ?? [];
  const purpose = consentPurposes.find((each) => each === purposeText);
  const channels = (channelsText ?? '').split('+').map((each) => contactChannels.find((channel) => channel === each));
  if (!purpose || !channels.every((channel) => channel !== undefined) || (kind === 'consent' && others))
    return undefined;
  return {
    purpose,
    channels,
    ...(kind === 'refusal' && { refusal: true as const }),
    ...(others && { others: true as const }),
  };
}

/** Whether a target is an answer about consent. */
export function isConsent(target: string): boolean {
  return target.startsWith('consent:') || target.startsWith('refusal:');
}

/** Text form of a target, as {@link readTarget} reads it. */
export function targetText(target: ConsentTarget | 'consentDate'): string {
  return typeof target === 'string'
    ? target
    : `${target.refusal ? 'refusal' : 'consent'}:${target.purpose}:${target.channels.join('+')}${target.others ? '+others' : ''}`;
}
