import { isCivilDate } from '@quen/events';
import type { Language } from '@quen/messaging';

type Texts = Record<Language, string>;

/**
 * What a timeline says of each kind of event; `{field}` is filled from the event, and what stands in brackets is left
 * out with its field. Made when it is read, so that texts may be bettered.
 */
export const timelineTexts: Record<string, Texts> = {
  'customers.customer-registered': {
    en: 'Registered as {code}, source {source}',
    vi: 'Tạo hồ sơ {code}, nguồn {source}',
  },
  'customers.customer-corrected': { en: 'Corrected: {fields}', vi: 'Sửa thông tin: {fields}' },
  'customers.consent-given': {
    en: 'Consented to {purpose} by {channel} ({source})',
    vi: 'Đồng ý {purpose} qua {channel} ({source})',
  },
  'customers.consent-withdrawn': {
    en: 'Withdrew consent to {purpose} by {channel} ({source})',
    vi: 'Rút đồng ý {purpose} qua {channel} ({source})',
  },
  'customers.ownership-changed': { en: 'Put into other hands', vi: 'Đổi người hoặc chi nhánh phụ trách' },
  'marketing.message-sent': {
    en: 'Sent a campaign message by {channel}',
    vi: 'Gửi thông điệp chiến dịch qua {channel}',
  },
  'marketing.message-refused': {
    en: 'Did not send a message by {channel}: {reason}',
    vi: 'Không gửi thông điệp qua {channel}: {reason}',
  },
  'marketing.response-received': { en: 'Answered a campaign ({via}) {note}', vi: 'Phản hồi chiến dịch ({via}) {note}' },
  'marketing.customer-unsubscribed': { en: 'Unsubscribed from {channel}', vi: 'Từ chối nhận tin qua {channel}' },
  'marketing.lead-captured': {
    en: 'Became a lead ({source}) {interest}',
    vi: 'Trở thành đầu mối ({source}) {interest}',
  },
  'marketing.lead-scored': { en: 'Lead scored {score}', vi: 'Chấm điểm đầu mối: {score}' },
  'marketing.lead-routed': {
    en: 'Lead routed to {channel} {channelCode}, score {score}',
    vi: 'Chuyển đầu mối tới {channel} {channelCode}, điểm {score}',
  },
  'sales.lead-accepted': { en: 'A seller took the lead', vi: 'Người bán nhận đầu mối' },
  'sales.lead-assigned': {
    en: 'The lead was given to another seller[: {reason}]',
    vi: 'Chuyển đầu mối cho người bán khác[: {reason}]',
  },
  'sales.lead-declined': { en: 'The lead was declined: {reason}', vi: 'Từ chối đầu mối: {reason}' },
  'sales.lead-converted': { en: 'The lead became an opportunity', vi: 'Đầu mối thành cơ hội' },
  'sales.opportunity-opened': {
    en: 'Opportunity opened[, stage {stage}] {amount}',
    vi: 'Mở cơ hội[, giai đoạn {stage}] {amount}',
  },
  'sales.opportunity-stage-changed': {
    en: 'Opportunity moved[ from {from}][ to {to}]',
    vi: 'Cơ hội chuyển giai đoạn[ từ {from}][ sang {to}]',
  },
  'sales.opportunity-won': { en: 'Opportunity won: {amount}', vi: 'Thắng cơ hội: {amount}' },
  'sales.opportunity-lost': { en: 'Opportunity lost: {reason}', vi: 'Mất cơ hội: {reason}' },
  'sales.opportunity-reopened': {
    en: 'Opportunity opened again[, stage {stage}][: {reason}]',
    vi: 'Mở lại cơ hội[, giai đoạn {stage}][: {reason}]',
  },
  'sales.quote-issued': {
    en: 'Quote[ over {total}] issued[, valid until {validUntil}]',
    vi: 'Gửi báo giá {total}[, hiệu lực đến {validUntil}]',
  },
  'sales.quote-accepted': { en: 'Quote accepted', vi: 'Chấp nhận báo giá' },
  'sales.quote-refused': { en: 'Quote refused {reason}', vi: 'Từ chối báo giá {reason}' },
  'sales.contract-signed': {
    en: 'Contract[ over {total}] signed, from {startsOn}',
    vi: 'Ký hợp đồng {total}, từ {startsOn}',
  },
  'sales.contract-ended': { en: 'Contract ended: {how}', vi: 'Kết thúc hợp đồng: {how}' },
  'sales.order-confirmed': { en: 'Order {orderCode}: {total}', vi: 'Đơn hàng {orderCode}: {total}' },
  'sales.goods-delivered': { en: 'Goods delivered on {deliveredOn}', vi: 'Giao hàng ngày {deliveredOn}' },
  'sales.invoice-issued': {
    en: 'Invoice {invoiceCode}[: {amount}], due {dueOn}',
    vi: 'Hóa đơn {invoiceCode}[: {amount}], hạn {dueOn}',
  },
  'sales.payment-received': { en: 'Paid {amount} ({method})', vi: 'Thanh toán {amount} ({method})' },
  'sales.goods-returned': {
    en: 'Goods returned[, {credited} credited] {reason}',
    vi: 'Trả hàng[, ghi có {credited}] {reason}',
  },
  'support.case-opened': {
    en: 'Case {code}: {kind}, {severity}, by {channel}',
    vi: 'Mở yêu cầu {code}: {kind}, mức {severity}, qua {channel}',
  },
  'support.case-assigned': { en: 'Case assigned', vi: 'Phân công yêu cầu' },
  'support.case-answered': { en: 'Case answered', vi: 'Trả lời yêu cầu' },
  'support.case-solved': {
    en: 'Case solved after {workingMinutes} working minutes {cause}',
    vi: 'Giải quyết yêu cầu sau {workingMinutes} phút làm việc {cause}',
  },
  'support.case-reopened': { en: 'Case reopened', vi: 'Mở lại yêu cầu' },
  'support.deadline-breached': { en: 'Deadline missed: {deadline}', vi: 'Trễ hạn: {deadline}' },
  'support.case-rated': { en: 'Rated the case {rating} of 5', vi: 'Đánh giá yêu cầu {rating}/5' },
  'analytics.customer-ranked': {
    en: 'Rank is now {rank} (before: {previousRank})',
    vi: 'Hạng mới: {rank} (trước: {previousRank})',
  },
};

/** Vietnamese for the values that events carry; English shows them as they are. */
const words: Record<string, string> = {
  marketing: 'tiếp thị',
  care: 'chăm sóc',
  survey: 'khảo sát',
  profiling: 'phân tích',
  sharing: 'chia sẻ',
  phone: 'điện thoại',
  sms: 'tin nhắn',
  letter: 'thư',
  visit: 'gặp mặt',
  seminar: 'hội thảo',
  manual: 'nhập tay',
  import: 'nhập từ tệp',
  referral: 'giới thiệu',
  'point-of-sale': 'cửa hàng',
  web: 'trang web',
  call: 'cuộc gọi',
  campaign: 'chiến dịch',
  other: 'khác',
  link: 'bấm liên kết',
  reply: 'trả lời',
  agent: 'đại lý',
  collaborator: 'cộng tác viên',
  branch: 'chi nhánh',
  'call-centre': 'tổng đài',
  form: 'biểu mẫu',
  request: 'yêu cầu',
  presentation: 'thuyết trình',
  question: 'câu hỏi',
  complaint: 'khiếu nại',
  incident: 'sự cố',
  low: 'thấp',
  normal: 'thường',
  high: 'cao',
  critical: 'nghiêm trọng',
  in: 'gọi đến',
  out: 'gọi đi',
  'face-to-face': 'gặp trực tiếp',
  social: 'mạng xã hội',
  'first-response': 'phản hồi đầu',
  'next-response': 'phản hồi tiếp',
  solution: 'giải quyết',
  standard: 'thường',
  bronze: 'đồng',
  silver: 'bạc',
  gold: 'vàng',
  diamond: 'kim cương',
  expired: 'hết hạn',
  terminated: 'chấm dứt',
  fulfilled: 'hoàn thành',
  no_consent: 'chưa đồng ý',
  open_complaint: 'đang có khiếu nại',
  suppressed: 'trong danh sách chặn',
  no_address: 'không có địa chỉ',
  bounced: 'thư bị trả lại',
};

/** The text of an entry in a language; a kind that is not known yet reads as its own name. */
export function timelineText(service: string, kind: string, data: Record<string, unknown>, language: Language): string {
  const text = timelineTexts[`${service}.${kind}`]?.[language] ?? kind.replaceAll('-', ' ');
  const said = text.replace(/\[([^\]]*\{(\w+)\}[^\]]*)\]/g, (_, part: string, field: string) =>
    shown(data[field], language) ? part : '',
  );
  return said
    .replace(/\{(\w+)\}/g, (_, field: string) => shown(data[field], language))
    .replace(/\(\)/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[\s,:]+$/, '')
    .trim();
}

function shown(value: unknown, language: Language): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((each) => shown(each, language)).join(', ');
  if (isMoney(value)) return `${groups(value.amount, language)} ${value.currency === 'VND' ? '₫' : value.currency}`;
  if (typeof value === 'object') return '';
  const text = String(value);
  if (language === 'vi' && isCivilDate(text)) return text.split('-').reverse().join('/');
  return language === 'vi' && Object.hasOwn(words, text) ? (words[text] ?? text) : text;
}

/** Digits in groups of three, without passing through a float. */
function groups(amount: string, language: Language): string {
  const [point, comma] = language === 'vi' ? ['.', ','] : [',', '.'];
  const [whole = '0', decimals] = amount.split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, point) + (decimals ? comma + decimals : '');
}

function isMoney(value: unknown): value is { amount: string; currency: string } {
  return typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
}
