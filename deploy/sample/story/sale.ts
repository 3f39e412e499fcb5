import type { Campaign } from './campaign.js';
import type { Context } from './context.js';
import { watch, type Effect } from './effects.js';
import type { Wanted } from './files.js';
import { dong, type Firm } from './firm.js';
import { present, type Gateways } from './gateways.js';
import { valueOf, type Lead, type Person, type Value } from './lead.js';
import type { Schema } from './operations.js';
import { dongText, valueText } from './words.js';

const installation = {
  subject: 'Hỏi lịch lắp đặt tại nhà',
  kind: 'question',
  severity: 'normal',
  category: 'lap-dat',
  channel: 'zalo',
} as const;

/** From the lead to the payment, in the firm's own process; then what the payment changed everywhere. */
export async function sell({
  gateways,
  book,
  today,
  inOneYear,
  inTwoWeeks,
  buyer,
  other,
  lead,
  before,
  campaign,
  wanted,
  firm,
}: Context & {
  buyer: Person;
  other: Person | undefined;
  lead: Lead;
  before: Value;
  campaign: Campaign;
  wanted: Wanted[];
  firm: Firm;
}) {
  const priceFor = () => gateways.get('sales', `/prices/quote?product=${wanted[0]?.code}&customer=${buyer.id}`);
  const priceBefore = await book.step('price before', priceFor);
  if (other)
    await book.step('question of somebody else', (key) =>
      gateways.post('support', '/cases', key, { ...installation, customerId: other.id }),
    );
  const question = await book.step('question about the installation', (key) =>
    gateways.post('support', '/cases', key, { ...installation, customerId: buyer.id }),
  );
  const placeBefore = await book.step('place in the queue before', () =>
    gateways.get('support', `/cases/${question.id}/queue-position`),
  );

  await book.step('lead accepted', (key) => gateways.act('sales', `/leads/${lead.id}`, 'accept', key));
  await book.step('first call logged', (key) =>
    gateways.post('sales', `/leads/${lead.id}/approaches`, key, {
      channel: 'phone',
      outcome: 'reached',
      note: 'Gia đình 5 người, nước giếng khoan, cần lắp trong tháng',
    }),
  );
  const converted = await book.step('lead converted', (key) =>
    gateways.act('sales', `/leads/${lead.id}`, 'convert', key, {
      name: `Lọc nước cho nhà ${buyer.displayName}`.slice(0, 200),
    }),
  );
  const opportunityId = present(converted.opportunityId, 'opportunity of the lead');
  const path = `/opportunities/${opportunityId}` as const;
  const seller = lead.ownerId ?? firm.staff?.['NV-011'];
  await book.step('opportunity described', () =>
    gateways.patch('sales', path, {
      need: 'Nước uống sạch và phòng ngủ mát',
      expectedCloseOn: inTwoWeeks,
      ...(seller && { ownerId: seller }),
    }),
  );
  await book.step('products chosen', () =>
    gateways.put('sales', path, 'lines', {
      lines: wanted.map(({ productId, quantity, unitPrice }) => ({
        productId,
        quantity: String(quantity),
        ...(unitPrice && { unitPrice }),
      })),
    }),
  );
  for (const stage of ['qualified', 'proposal'])
    await book.step(`stage ${stage}`, (key) => gateways.act('sales', path, 'move', key, { stage }));

  const quote = await book.step('quote', (key) =>
    gateways.post('sales', '/quotes', key, {
      opportunityId,
      discountPercent: '3',
      paymentTerms: 'Đặt cọc 30 %, phần còn lại khi nghiệm thu',
      deliveryTerms: 'Giao và lắp đặt tại nhà trong 3 ngày',
      validUntil: inTwoWeeks,
    }),
  );
  await book.step('quote issued', (key) => gateways.act('sales', `/quotes/${quote.id}`, 'issue', key));
  await book.step('stage negotiation', (key) => gateways.act('sales', path, 'move', key, { stage: 'negotiation' }));
  await book.step('quote accepted', (key) => gateways.act('sales', `/quotes/${quote.id}`, 'accept', key));
  const contract = await book.step('contract', (key) =>
    gateways.post('sales', '/contracts', key, {
      quoteId: quote.id,
      title: 'Hợp đồng mua bán và lắp đặt',
      terms: 'Bảo hành 24 tháng, bảo trì theo gói',
      startsOn: today,
      endsOn: inOneYear,
    }),
  );
  await book.step('contract signed', (key) =>
    gateways.act('sales', `/contracts/${contract.id}`, 'sign', key, { signedBy: buyer.displayName }),
  );
  await book.step('opportunity won', (key) =>
    gateways.act('sales', path, 'win', key, { reason: 'Giá tốt, lắp nhanh, có kiểm nghiệm nước' }),
  );

  const draft = await book.step('order', (key) => gateways.post('sales', '/orders', key, { contractId: contract.id }));
  const order = `/orders/${draft.id}` as const;
  await book.step('order confirmed', async (key) => {
    const confirmed = await gateways.act('sales', order, 'confirm', key);
    await watch({ gateways, book }, orderEffects({ gateways, campaign, buyer, before }));
    return confirmed;
  });
  const ordered = await book.step('value after the order', () => valueOf(gateways, buyer.id));
  await book.step('deposit paid', (key) =>
    gateways.act('sales', order, 'payments', key, {
      amount: dong(Math.round(Number(draft.total.amount) * 0.3)),
      method: 'bank-transfer',
      reference: `COC-${draft.code}`,
    }),
  );
  await book.step('delivered', (key) => gateways.act('sales', order, 'deliveries', key));
  await book.step('invoice', (key) => gateways.act('sales', order, 'invoices', key, { dueOn: inTwoWeeks }));
  const paid = await book.step('rest paid', async (key) => {
    const { balance } = await gateways.get('sales', order);
    const after = await gateways.act('sales', order, 'payments', key, {
      amount: balance,
      method: 'bank-transfer',
      reference: `TT-${draft.code}`,
    });
    await watch(
      { gateways, book },
      paymentEffects({ gateways, buyer, before, paid: after.paid, priceBefore, priceFor, question, placeBefore }),
    );
    return after;
  });
  const after = await book.step('value after the payment', () => valueOf(gateways, buyer.id));
  const [priceAfter, placeAfter] = await book.step('price and place in the queue after', () =>
    Promise.all([priceFor(), gateways.get('support', `/cases/${question.id}/queue-position`)]),
  );

  book.tell('From the lead to the payment', [
    `Opportunity won: ${gateways.address('sales', `/v1${path}`)}`,
    `Quote ${quote.code}, ${dongText(quote.total.amount)} after 3 % discount; every line says where its price comes from: ${gateways.address('sales', `/v1/quotes/${quote.id}`)}`,
    `Contract ${contract.code} signed: ${gateways.address('sales', `/v1/contracts/${contract.id}`)}`,
    `Order ${draft.code}: delivered ${paid.delivered}, invoiced ${dongText(paid.invoiced.amount)}, paid ${dongText(paid.paid.amount)} in two parts, ${paid.status}: ${gateways.address('sales', `/v1${order}`)}`,
  ]);
  book.tell(`What the payment changed for ${buyer.displayName}`, [
    `before the order      ${valueText(before)}`,
    `after the order       ${valueText(ordered)}`,
    `after the payment     ${valueText(after)}`,
    `  why: ${gateways.address('analytics', `/v1/insights/${buyer.id}`)}`,
    `next price of ${wanted[0]?.code}: ${dongText(priceBefore.unitPrice.amount)} (${priceBefore.source}) → ${dongText(priceAfter.unitPrice.amount)} (${priceAfter.source})`,
    `their question in the support queue: ${placeBefore.points} points, place ${placeBefore.position} → ${placeAfter.points} points, place ${placeAfter.position}`,
  ]);
  return { orderId: draft.id, order: paid };
}

/** Where the new order shows. */
function orderEffects({
  gateways,
  campaign,
  buyer,
  before,
}: {
  gateways: Gateways;
  campaign: Campaign;
  buyer: Person;
  before: Value;
}): Effect[] {
  const orders = before.orders + 1;
  const insight = () => gateways.get('analytics', `/insights/${buyer.id}`);
  return [
    {
      what: 'the order in the lifetime value',
      from: 'sales',
      to: 'analytics',
      look: async () => (await insight()).orders >= orders,
    },
    {
      what: "the new value on the customer's record",
      from: 'sales',
      to: 'analytics → customers',
      look: async () => ((await gateways.get('customers', `/customers/${buyer.id}`)).insight?.orders ?? 0) >= orders,
    },
    {
      what: 'the new value in the segment',
      from: 'sales',
      to: 'analytics → marketing',
      look: async () => {
        const {
          data: [member],
        } = await gateways.get(
          'marketing',
          `/segments/${campaign.segment.id}/members?filter[code]=${encodeURIComponent(buyer.code)}`,
        );
        // whoever has left the segment by the new value is not listed any more
        return !member || Number(member.lifetimeValue) !== Number(before.lifetimeValue.amount);
      },
    },
  ];
}

/** Where the payment shows: everywhere the rank does, if it moved. */
function paymentEffects({
  gateways,
  buyer,
  before,
  paid,
  priceBefore,
  priceFor,
  question,
  placeBefore,
}: {
  gateways: Gateways;
  buyer: Person;
  before: Value;
  paid: Schema<'sales', 'Money'>;
  priceBefore: Schema<'sales', 'PriceView'>;
  priceFor: () => Promise<Schema<'sales', 'PriceView'>>;
  question: { id: string };
  placeBefore: Schema<'support', 'QueuePosition'>;
}): Effect[] {
  const counted = async () => {
    const insight = await valueOf(gateways, buyer.id);
    return Number(insight.paid.amount) >= Number(before.paid.amount) + Number(paid.amount) ? insight : undefined;
  };
  const ifMoved = [
    {
      what: "the new rank's price",
      from: 'sales',
      to: 'analytics → sales',
      look: async () => (await priceFor()).unitPrice.amount !== priceBefore.unitPrice.amount,
    },
    {
      what: 'the new rank in the queue',
      from: 'sales',
      to: 'analytics → support',
      look: async () =>
        (await gateways.get('support', `/cases/${question.id}/queue-position`)).rank !== placeBefore.rank,
    },
  ];
  // a firm's own customer may keep the rank: then there is nothing to wait for
  const unmoved = async () => (await counted())?.rank === before.rank;
  return [
    { what: "the payment in the customer's rank", from: 'sales', to: 'analytics', look: counted },
    ...ifMoved.map((effect) => ({
      ...effect,
      look: async () => (await effect.look()) || ((await unmoved()) && 'none'),
    })),
  ];
}
