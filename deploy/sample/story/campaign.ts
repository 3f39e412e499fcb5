import type { Context } from './context.js';
import { dong } from './firm.js';
import { all, until, type Gateways } from './gateways.js';

const messageCost = 350;
/** Costs that no mail carries: the seminar's hall, or only the design of the letter. */
const otherCosts = (own: boolean) => (own ? 300_000 : 3_500_000);

const letter = (own: boolean) => ({
  vi: {
    subject: own ? 'Lời cảm ơn gửi {{ customer.name }}' : 'Quà cảm ơn sau hội thảo nước sạch, {{ customer.name }}',
    body: `<p>Kính gửi {{ customer.title }} {{ customer.name }},</p><p>${
      own
        ? 'Cảm ơn {{ customer.title }} đã tin dùng sản phẩm của chúng tôi. Tháng này chúng tôi có ưu đãi riêng dành cho {{ customer.title }}.'
        : 'Cảm ơn {{ customer.title }} đã quan tâm tới nước sạch cho ngôi nhà Việt. Trong tháng này Minh Khê tặng một lần kiểm nghiệm nước cho mỗi máy lọc nước đặt mua.'
    }</p><p><a href="{{ links.response }}">Tôi muốn được tư vấn</a></p>`,
  },
  en: {
    subject: 'A thank-you, {{ customer.name }}',
    body: '<p>Dear {{ customer.name }},</p><p>We have an offer for you this month.</p><p><a href="{{ links.response }}">Please call me</a></p>',
  },
});

/**
 * Whom the campaign addresses: the guests of the seminar, and the most valuable customers of the province where it was
 * held; on a firm's own files all but the most valuable who have an address.
 */
const audience = (own: boolean) =>
  own
    ? {
        combinator: 'and',
        rules: [
          { field: 'hasEmail', operator: '=', value: true },
          { field: 'rank', operator: 'notIn', value: ['gold', 'diamond'] },
        ],
      }
    : {
        combinator: 'or',
        rules: [
          { field: 'source', operator: '=', value: 'seminar' },
          {
            combinator: 'and',
            rules: [
              { field: 'province', operator: '=', value: 'Hà Nội' },
              { field: 'rank', operator: 'in', value: ['gold', 'diamond'] },
            ],
          },
        ],
      };

export type Campaign = Awaited<ReturnType<typeof runCampaign>>;

/** A segment, a campaign with budget and message, its launch, and what the send gate let through. */
export async function runCampaign({ gateways, book, own, today, monthFromNow }: Context) {
  const rule = audience(own);
  const segment = await book.step('segment', (key) =>
    gateways.post('marketing', '/segments', key, {
      name: own
        ? 'Khách hàng có email, trừ hạng vàng và kim cương'
        : 'Khách dự hội thảo nước sạch và khách vàng ở Hà Nội',
      kind: 'rules',
      rule,
    }),
  );
  const preview = await book.step('segment preview', (key) =>
    gateways.post('marketing', '/segments/preview', key, { rule }),
  );
  const draft = await book.step('campaign', (key) =>
    gateways.post('marketing', '/campaigns', key, {
      code: `${own ? 'CAM-ON' : 'NUOC-SACH'}-${today.slice(0, 7)}`,
      name: own ? 'Thư cảm ơn khách hàng' : 'Nước sạch cho ngôi nhà Việt',
      segmentId: segment.id,
      startsOn: today,
      endsOn: monthFromNow,
      channel: 'email',
      content: letter(own),
      planned: dong(Math.max(6_000_000, otherCosts(own) + segment.size * messageCost * 2)),
      messageCost: dong(messageCost),
    }),
  );
  await book.step('other costs booked', (key) =>
    gateways.post('marketing', `/campaigns/${draft.id}/expenses`, key, {
      description: own ? 'Thiết kế thư' : 'Thuê hội trường và in tài liệu hội thảo',
      amount: dong(otherCosts(own)),
      spentOn: today,
    }),
  );
  const launched = await book.step('campaign launched', (key) =>
    gateways.act('marketing', `/campaigns/${draft.id}`, 'launch', key),
  );
  const audienceSize = launched.audience ?? 0;
  const sending = await book.step('mails sent or refused', () => settled(gateways, draft.id, audienceSize));
  book.tell('The campaign', [
    `Segment "${segment.name}": ${preview.size} customers, ${preview.reachableByEmail} of them consented to marketing by email and have an address`,
    `  ${gateways.address('marketing', `/v1/segments/${segment.id}/members`)}`,
    `Campaign ${launched.code} launched to ${audienceSize}: ${sending.sent} mails sent, ${audienceSize - sending.sent} refused`,
    ...Object.entries(sending.refused).map(([reason, count]) => `  refused ${String(count).padStart(4)}  ${reason}`),
    `  ${gateways.address('marketing', `/v1/campaigns/${draft.id}/messages?filter[status]=refused`)}`,
    ...(gateways.mail ? [`  the mails: ${gateways.mail.url}`] : []),
  ]);
  return { segment, campaignId: draft.id, ...sending };
}

/** Waits until every message of a campaign has met the gate. */
export async function settled(gateways: Gateways, campaignId: string, expected: number) {
  const open = (status: string) =>
    gateways.get('marketing', `/campaigns/${campaignId}/messages?limit=1&count=exact&filter[status]=${status}`);
  await until(
    "the campaign's messages",
    async () => {
      const pages = await Promise.all(['sent', 'refused', 'unconfirmed'].map(open));
      return pages.reduce((sum, { total }) => sum + (total ?? 0), 0) >= expected;
    },
    { timeoutMs: 300_000, everyMs: 250 },
  );
  const refusals = await all(gateways, 'marketing', `/campaigns/${campaignId}/messages?filter[status]=refused`);
  const refused: Record<string, number> = {};
  for (const { reason } of refusals) if (reason) refused[reason] = (refused[reason] ?? 0) + 1;
  return {
    sent: (await open('sent')).total ?? 0,
    refused: Object.fromEntries(Object.entries(refused).sort(([, a], [, b]) => b - a)),
  };
}
