import { build, eventOf, events, jsonSchemaOf, Money, OrderConfirmed, PaymentReceived } from '@quen/events';
import { handlersOf, type Received } from '@quen/messaging';
import { entryOf, type CustomerEvent } from './timeline-entry.js';
import { timelineText } from './timeline-texts.js';
import { TimelineReactions } from './timeline.reactions.js';

const zone = 'Asia/Ho_Chi_Minh';
const id = '0190a000-0000-7000-8000-000000000001';
const received = (message: CustomerEvent, occurredAt = new Date('2026-03-02T03:00:00Z')): Received<CustomerEvent> => ({
  id,
  type: eventOf(message).type,
  data: message,
  aggregateId: id,
  version: 1,
  occurredAt,
  topic: 't',
  partition: 0,
  offset: '0',
  correlationId: undefined,
  causationId: undefined,
  traceparent: undefined,
  actor: undefined,
  branch: undefined,
});
const order = (orderedOn: string) =>
  build(OrderConfirmed, {
    orderId: id,
    orderCode: 'DH-1',
    customerId: id,
    orderedOn,
    total: Money.of('4990000'),
    branchId: id,
    origin: 'import',
    lines: [
      { line: 1, productId: id, productCode: 'LN', quantity: '1', amount: Money.of('4990000'), cost: Money.of('1') },
    ],
  });

describe('the timeline', () => {
  const told = events().filter(
    ({ state, target }) => !state && 'customerId' in (jsonSchemaOf(target)['properties'] as object),
  );

  it('hears every fact that tells of a customer', () => {
    expect(
      handlersOf(TimelineReactions.prototype)
        .map(({ event }) => eventOf(event).type)
        .sort(),
    ).toEqual(told.map(({ type }) => type).sort());
  });

  it('puts an imported order on its own day and keeps the number of its lines', () => {
    expect(entryOf(received(order('2024-05-01')), zone)).toMatchObject({
      at: new Date('2024-05-01T00:00:00+07:00').toISOString(),
      service: 'sales',
      kind: 'order-confirmed',
      data: { linesCount: 1, orderCode: 'DH-1' },
    });
  });

  it('puts an order of today on its moment', () =>
    expect(entryOf(received(order('2026-03-02')), zone).at).toBe('2026-03-02T03:00:00.000Z'));
});

describe('timelineText', () => {
  const payment = build(PaymentReceived, {
    orderId: id,
    paymentId: id,
    customerId: id,
    amount: Money.of('1500000'),
    receivedOn: '2026-03-02',
    method: 'bank',
  });
  const { data } = entryOf(received(payment), zone);

  it('speaks Vietnamese and English', () => {
    expect(timelineText('sales', 'payment-received', data, 'vi')).toBe('Thanh toán 1.500.000 ₫ (bank)');
    expect(timelineText('sales', 'payment-received', data, 'en')).toBe('Paid 1,500,000 ₫ (bank)');
    expect(
      timelineText('customers', 'consent-given', { purpose: 'marketing', channel: 'phone', source: 'seminar' }, 'vi'),
    ).toBe('Đồng ý tiếp thị qua điện thoại (hội thảo)');
  });
  it('says until when a quote is valid, if it says so', () => {
    const total = { amount: '25831100', currency: 'VND' };
    expect(timelineText('sales', 'quote-issued', { total, validUntil: '2026-12-06' }, 'en')).toBe(
      'Quote over 25,831,100 ₫ issued, valid until 2026-12-06',
    );
    expect(timelineText('sales', 'quote-issued', { total, validUntil: '2026-12-06' }, 'vi')).toBe(
      'Gửi báo giá 25.831.100 ₫, hiệu lực đến 06/12/2026',
    );
    expect(timelineText('sales', 'quote-issued', { total }, 'en')).toBe('Quote over 25,831,100 ₫ issued');
  });
  it('leaves out what is unknown', () =>
    expect(timelineText('sales', 'opportunity-opened', { stage: 'new' }, 'en')).toBe('Opportunity opened, stage new'));
  it("says a vocabulary's value that it does not know as it is", () =>
    expect(timelineText('sales', 'contract-ended', { how: 'novated' }, 'vi')).toBe('Kết thúc hợp đồng: novated'));
  it('names a kind that it does not know', () =>
    expect(timelineText('sales', 'thing-done', {}, 'vi')).toBe('thing done'));
});
