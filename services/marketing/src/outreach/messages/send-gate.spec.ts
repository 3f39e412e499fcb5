import { decide, endOfQuiet, parseQuietHours, type GateFacts, type SendPolicy } from './send-gate.js';

const policy: SendPolicy = { dailyCap: 1, quietHours: null, timeZone: 'Asia/Ho_Chi_Minh' };
const fine: GateFacts = {
  known: true,
  erased: false,
  mergedInto: null,
  marketingChannels: ['email'],
  channel: 'email',
  address: 'an@example.vn',
  suppressed: false,
  blockingComplaints: 0,
  sentLastDay: 0,
};
const noon = new Date('2026-03-02T05:00:00Z');

describe('send gate', () => {
  it('lets a message through that nothing stands against', () => {
    expect(decide(fine, policy, noon)).toEqual({ kind: 'send', address: 'an@example.vn' });
  });

  it.each<[string, Partial<GateFacts>]>([
    ['customer_unknown', { known: false }],
    ['customer_erased', { erased: true, known: false, address: null }],
    ['customer_merged', { mergedInto: '019a0000-0000-7000-8000-000000000001' }],
    ['no_consent', { marketingChannels: [] }],
    ['no_consent', { marketingChannels: ['sms', 'phone'] }],
    ['suppressed', { suppressed: true }],
    ['no_address', { address: null }],
    ['open_complaint', { blockingComplaints: 1 }],
    ['daily_cap', { sentLastDay: 1 }],
  ])('refuses with %s', (reason, change) => {
    expect(decide({ ...fine, ...change }, policy, noon)).toEqual({ kind: 'refuse', reason });
  });

  it("names the customer's wish before the firm's limit", () => {
    expect(decide({ ...fine, suppressed: true, blockingComplaints: 2, sentLastDay: 9 }, policy, noon)).toEqual({
      kind: 'refuse',
      reason: 'suppressed',
    });
  });

  it('postpones to the end of quiet hours, past midnight too', () => {
    const quiet = { ...policy, quietHours: parseQuietHours('21:00-07:30') };
    expect(decide(fine, quiet, new Date('2026-03-02T15:10:20Z'))).toEqual({
      kind: 'wait',
      until: new Date('2026-03-03T00:30:00Z'),
    });
    expect(decide(fine, quiet, new Date('2026-03-03T00:29:59Z'))).toEqual({
      kind: 'wait',
      until: new Date('2026-03-03T00:30:00Z'),
    });
    expect(decide(fine, quiet, new Date('2026-03-03T00:30:00Z'))).toEqual({ kind: 'send', address: 'an@example.vn' });
    expect(decide({ ...fine, marketingChannels: [] }, quiet, new Date('2026-03-02T15:10:20Z'))).toEqual({
      kind: 'refuse',
      reason: 'no_consent',
    });
  });

  it('knows a span within one day', () => {
    const noonBreak = parseQuietHours('12:00-13:00');
    expect(endOfQuiet(noonBreak!, 'Asia/Ho_Chi_Minh', noon)).toEqual(new Date('2026-03-02T06:00:00Z'));
    expect(endOfQuiet(noonBreak!, 'Asia/Ho_Chi_Minh', new Date('2026-03-02T06:00:00Z'))).toBeUndefined();
  });

  it('takes an empty setting as no quiet hours', () => expect(parseQuietHours('')).toBeNull());
});
