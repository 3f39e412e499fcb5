import { targetText } from './columns.js';
import { denies, readConsentHeader } from './consent-headers.js';

const read = (header: string): string => {
  const target = readConsentHeader(header, ['email']);
  return target === undefined ? 'other' : typeof target === 'string' ? target : targetText(target);
};

describe('readConsentHeader', () => {
  it.each([
    'Không nhận quảng cáo', 'KHÔNG NHẬN QUẢNG CÁO', 'khong nhan quang cao', 'Không nhận tin', 'Không đồng ý nhận thông tin', 'Không muốn nhận tin khuyến mại', 'Ko nhận quảng cáo', 'Từ chối', 'Từ chối nhận tin', 'Từ chối quảng cáo',
    'Hủy đăng ký', 'Đã hủy đăng ký', 'Huỷ đăng ký nhận tin', 'Ngừng nhận tin', 'Ngưng gửi tin', 'Đừng gửi quảng cáo', 'Dừng nhận tin', 'Không liên hệ', 'Không làm phiền', 'Không được liên hệ', 'Cấm quảng cáo', 'Chặn quảng cáo',
    'Danh sách đen', 'Rút lại đồng ý', 'Thu hồi đồng ý', 'Đồng ý đã rút', 'Phản đối tiếp thị', 'Bỏ đăng ký', 'do not contact', 'Do Not Contact', 'DoNotContact', 'do_not_contact', "Don't contact", 'No marketing', 'NO_ADS',
    'opt out', 'Opt-Out', 'OPT_OUT', 'optout', 'Opted out', 'isOptedOut', 'unsubscribed', 'Unsubscribed at', 'UNSUB_TIME', 'Unsubscribe date', 'DNC', 'DND', 'is_blacklisted', 'Blocklisted', 'Suppressed', 'Consent withdrawn',
    'Consent refused', 'Refused marketing', 'Declined marketing', 'Not consented', 'No consent', 'without consent', 'Non-consent', 'Consent: denied', 'Marketing: stop', 'Exclude from mailing'.replace('mailing', 'marketing'),
    'khongnhanquangcao', 'Không nhận quảng cáo'.normalize('NFD'), 'Không\u200b nhận\ufeff quảng cáo', 'Không nhận quảng cáo (có/không)', 'Không nhận: quảng cáo', 'Disagree to marketing', 'Objects to marketing', 'TPS',
  ])('%s denies, whatever the channel', (header) => expect([read(header), denies(header)]).toEqual(['refusal:marketing:email+others', true]));

  it.each([
    ['do not mail', 'refusal:marketing:email+letter'], ['Do Not Call', 'refusal:marketing:phone'], ['donotcall', 'refusal:marketing:email+others'], ['HasOptedOutOfEmail', 'refusal:marketing:email'], ['Email Opt Out', 'refusal:marketing:email'],
    ['DoNotBulkEMail', 'refusal:marketing:email'], ['Không nhận SMS', 'refusal:marketing:sms'], ['Không gọi điện thoại', 'refusal:marketing:phone'], ['Không gửi email', 'refusal:marketing:email'], ['Từ chối khảo sát qua điện thoại', 'refusal:survey:phone'],
    ['Unsubscribed from all email', 'refusal:marketing:email'], ['Opted out of email: Marketing Information', 'refusal:marketing:email'], ['Do not sell my data', 'refusal:sharing:email+others'], ['Không nhận email, không nhận SMS', 'refusal:marketing:email+sms'],
  ])('%s denies: %s', (header, target) => expect([read(header), denies(header)]).toEqual([target, true]));

  it.each([
    ['Đồng ý nhận thông tin', 'consent:marketing:email'], ['Đồng ý', 'consent:marketing:email'], ['marketingConsent', 'consent:marketing:email'], ['Opt-in', 'consent:marketing:email'], ['Opted in to SMS', 'consent:marketing:sms'],
    ['Nhận quảng cáo', 'consent:marketing:email'], ['Đồng ý nhận tin (có/không)', 'consent:marketing:email'], ['Có đồng ý nhận tin không', 'consent:marketing:email'], ['Đồng ý nhận tin không?', 'consent:marketing:email'],
    ['Consent (yes/no)', 'consent:marketing:email'], ['Accepts Email Marketing', 'consent:marketing:email'], ['Email Marketing Consent', 'consent:marketing:email'], ['Đăng ký nhận bản tin', 'consent:marketing:email'], ['Đồng ý nhận cuộc gọi'.replace('cuộc gọi', 'điện thoại'), 'consent:marketing:phone'],
    ['Cho phép liên hệ qua Zalo', 'consent:marketing:zalo'], ['Đồng ý chăm sóc qua Zalo', 'consent:care:zalo'], ['Subscribed to newsletter', 'consent:marketing:email'],
  ])('%s asks: %s', (header, target) => expect([read(header), denies(header)]).toEqual([target, false]));

  it.each([
    'Đồng ý/Không đồng ý', 'Opt-in/Opt-out', 'Không từ chối nhận tin', 'Not opted out', 'No unsubscribe', 'Chưa đồng ý', 'Chưa hủy đăng ký', 'Đồng ý nhận email, không nhận SMS', 'dung gui email dong y', 'Lý do từ chối', 'UNSUB_REASON',
    'UNSUB_CAMPAIGN_TITLE', 'OPTIN_IP', 'Consent source', 'Consent version', 'Nguồn đồng ý', 'Người đồng ý', 'Hết hạn đồng ý', 'Đã nhận thông tin', 'Email nhận thông báo quảng cáo', 'Số lần từ chối', 'Opt-in form', 'Consent pending',
  ])('%s is left out', (header) => expect(read(header)).toBe('unclear'));

  it.each(['OPTIN_TIME', 'CONFIRM_TIME', 'Opt-in date', 'Ngày đồng ý', 'Thời điểm đồng ý', 'Consent date', 'consentDate', 'Date of consent', 'Subscribed at', 'Subscription date', 'Ngày đăng ký nhận tin', 'consent_timestamp', 'Ngày cho phép'])(
    '%s is the day of a consent', (header) => expect(read(header)).toBe('consentDate'));

  it.each(['Họ và tên', 'SĐT', 'Email', 'Số điện thoại (không bắt buộc)', 'Phone no', 'No.', 'Contact no', 'Email đăng ký', 'Ngày đăng ký', 'Email của bạn', 'Nhu cầu không gian', 'CONFIRM_IP', 'LATITUDE', 'MEMBER_RATING', 'LAST_CHANGED',
    'Khoa đăng ký', 'Bố', 'Ghi chú', 'Created at', 'Address', 'Nguồn', 'Kênh ưu tiên', 'Huy', 'Bộ phận chăm sóc', 'Người đại diện', 'Email Address'])('%s speaks of something else', (header) => expect(read(header)).toBe('other'));

  it('takes no time over a header of any length', () => {
    const began = Date.now();
    for (const header of ['khong '.repeat(50_000), 'do not have '.repeat(30_000), `co ${'x '.repeat(90_000)}`, ' '.repeat(200_000)]) read(header);
    expect(Date.now() - began).toBeLessThan(200);
  });
});
