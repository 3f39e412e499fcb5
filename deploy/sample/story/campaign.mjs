import { all, until } from './gateways.mjs';
import { dong } from './firm.mjs';

const messageCost = 350;
const hallHire = 3_500_000;

const content = {
  vi: {
    subject: 'Quà cảm ơn sau hội thảo nước sạch, {{ customer.name }}',
    body: '<p>Kính gửi {{ customer.title }} {{ customer.name }},</p><p>Cảm ơn {{ customer.title }} đã quan tâm tới nước sạch cho ngôi nhà Việt. Trong tháng này Minh Khê tặng một lần kiểm nghiệm nước cho mỗi máy lọc nước đặt mua.</p><p><a href="{{ links.response }}">Tôi muốn được tư vấn</a></p>',
  },
  en: {
    subject: 'A thank-you after the clean water seminar, {{ customer.name }}',
    body: '<p>Dear {{ customer.name }},</p><p>This month Minh Khê gives a water test with every purifier.</p><p><a href="{{ links.response }}">Please call me</a></p>',
  },
};

/** Whom the campaign addresses: the guests of the seminar, and the most valuable customers of the branch that held it; on a firm's own files everybody with an address. */
const audience = (own) => (own
  ? { combinator: 'and', rules: [{ field: 'hasEmail', operator: '=', value: true }] }
  : {
    combinator: 'or',
    rules: [
      { field: 'source', operator: '=', value: 'seminar' },
      { combinator: 'and', rules: [{ field: 'province', operator: '=', value: 'Hà Nội' }, { field: 'rank', operator: 'in', value: ['gold', 'diamond'] }] },
    ],
  });

/** A segment, a campaign with budget and message, its launch, and what the send gate let through. */
export async function runCampaign({ gateways, book, own, today, monthFromNow }) {
  const rule = audience(own);
  const segment = await book.step('segment', (key) => gateways.post('marketing', '/segments', key, {
    name: own ? 'Khách hàng có email' : 'Khách dự hội thảo nước sạch và khách vàng ở Hà Nội', kind: 'rules', rule,
  }));
  const preview = await book.step('segment preview', (key) => gateways.post('marketing', '/segments/preview', key, { rule }));
  const draft = await book.step('campaign', (key) => gateways.post('marketing', '/campaigns', key, {
    code: `NUOC-SACH-${today.slice(0, 7)}`, name: 'Nước sạch cho ngôi nhà Việt', description: 'Thư cảm ơn sau hội thảo, kèm quà kiểm nghiệm nước',
    segmentId: segment.id, startsOn: today, endsOn: monthFromNow, channel: 'email', content,
    planned: dong(Math.max(6_000_000, hallHire + segment.size * messageCost * 2)), messageCost: dong(messageCost),
  }));
  await book.step('hall of the seminar booked as a cost', (key) => gateways.post('marketing', `/campaigns/${draft.id}/expenses`, key, {
    description: 'Thuê hội trường và in tài liệu hội thảo', amount: dong(hallHire), spentOn: today,
  }));
  const launched = await book.step('campaign launched', (key) => gateways.act('marketing', `/campaigns/${draft.id}`, 'launch', key));
  const sending = await book.step('mails sent or refused', () => settled(gateways, draft.id, launched.audience));
  book.tell('The campaign', [
    `Segment "${segment.name}": ${preview.size} customers, ${preview.reachableByEmail} of them consented to marketing by email and have an address`,
    `  ${gateways.address('marketing', `/v1/segments/${segment.id}/members`)}`,
    `Campaign ${launched.code} launched to ${launched.audience}: ${sending.sent} mails sent, ${launched.audience - sending.sent} refused`,
    ...Object.entries(sending.refused).map(([reason, count]) => `  refused ${String(count).padStart(4)}  ${reason}`),
    `  ${gateways.address('marketing', `/v1/campaigns/${draft.id}/messages?filter[status]=refused`)}`,
    ...(gateways.mail ? [`  the mails: ${gateways.mail.url}`] : []),
  ]);
  return { segment, campaignId: draft.id, ...sending };
}

/** Waits until every message of a campaign has met the gate. */
export async function settled(gateways, campaignId, expected) {
  const open = (status) => gateways.get('marketing', `/campaigns/${campaignId}/messages?limit=1&count=exact&filter[status]=${status}`);
  await until('the campaign\'s messages', async () => {
    const [sent, refused, unconfirmed] = await Promise.all(['sent', 'refused', 'unconfirmed'].map(open));
    return sent.total + refused.total + unconfirmed.total >= expected;
  }, { timeoutMs: 300_000, everyMs: 250 });
  const refusals = await all(gateways, 'marketing', `/campaigns/${campaignId}/messages?filter[status]=refused`);
  const refused = {};
  for (const { reason } of refusals) refused[reason] = (refused[reason] ?? 0) + 1;
  return { sent: (await open('sent')).total, refused: Object.fromEntries(Object.entries(refused).sort(([, a], [, b]) => b - a)) };
}
