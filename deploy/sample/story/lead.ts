import type { Campaign } from './campaign.js';
import type { Context } from './context.js';
import { all, present, until, type Gateways } from './gateways.js';
import type { Schema } from './operations.js';
import { dongText } from './words.js';

export type Lead = Schema<'marketing', 'LeadView'>;
export type Person = Pick<Schema<'customers', 'CustomerView'>, 'id' | 'code' | 'displayName' | 'emails'>;
export type Value = Awaited<ReturnType<typeof valueOf>>;

/**
 * Two customers answer the campaign: one follows the link in the mail, one calls. Each answer becomes a scored lead,
 * routed to the channel that is expected to earn most from it. The second is declined and goes to the next channel.
 */
export async function takeAnswers({ gateways, book, campaign }: Context & { campaign: Campaign }) {
  const [buyer, caller] = await book.step<[Person, Person?]>('who answers the campaign', () =>
    whoAnswers(gateways, campaign.campaignId),
  );
  const before = await book.step('value before', () => valueOf(gateways, buyer.id));
  await book.step('answer to the mail', async (key) => {
    const link = gateways.mail && buyer.emails[0] && (await linkIn(gateways, gateways.mail.messages, buyer.emails[0]));
    if (link) {
      // the page asks, and its button posts: to look at it alone is no answer
      await fetch(link);
      await fetch(link, { method: 'POST', redirect: 'manual' });
    } else
      await gateways.post('marketing', `/campaigns/${campaign.campaignId}/responses`, key, {
        customerId: buyer.id,
        note: 'Muốn được tư vấn máy lọc nước cho gia đình',
      });
    const since = performance.now();
    const lead = await leadOf(gateways, campaign.campaignId, buyer.id);
    await inSales(gateways, lead.id);
    book.delay('the routed lead', 'marketing', 'sales', performance.now() - since);
    return { link: link ?? null };
  });
  const lead = await book.step('lead scored and routed', () => leadOf(gateways, campaign.campaignId, buyer.id));
  const told = [
    `${buyer.displayName} (${buyer.code}) follows the link in the mail and says yes`,
    ...leadLines(gateways, lead),
  ];
  if (caller) {
    await book.step('second answer, by telephone', (key) =>
      gateways.post('marketing', `/campaigns/${campaign.campaignId}/responses`, key, {
        customerId: caller.id,
        note: 'Hỏi giá máy lọc nước cho văn phòng, gọi lại buổi chiều',
      }),
    );
    const first = await book.step('second lead routed', async () => {
      const routed = await leadOf(gateways, campaign.campaignId, caller.id);
      await inSales(gateways, routed.id);
      return routed;
    });
    await book.step('second lead declined', (key) =>
      gateways.act('sales', `/leads/${first.id}`, 'decline', key, {
        reason: 'Khách ở ngoài khu vực giao hàng của chúng tôi',
      }),
    );
    const again = await book.step('second lead routed to the next channel', () =>
      until('the next channel', async () => {
        const found = await gateways.get('marketing', `/leads/${first.id}`);
        return found.routes.length > 1 && found;
      }),
    );
    told.push(
      `${caller.displayName} (${caller.code}) calls; ${first.routes[0]?.channelCode} declines the lead, so it goes on to ${again.routes[0]?.channelCode}, expected margin ${dongText(again.routes[0]?.expectedMargin.amount ?? 0)}`,
    );
  }
  book.tell('From the answer to the sales channel', told);
  return { buyer, other: caller, lead, before };
}

function leadLines(gateways: Gateways, { id, score, scoreReasons, routes }: Lead) {
  const route = present(routes[0], 'route');
  const reason =
    (unit: (weight: number) => string) =>
    ({ text, weight }: { text: string; weight: number }) =>
      `      ${unit(weight).padStart(16)}  ${text}`;
  return [
    `  lead score ${score}:`,
    ...scoreReasons.map(reason((weight) => `${weight > 0 ? '+' : ''}${weight}`)),
    `  routed to ${route.channelCode}, expected margin ${dongText(route.expectedMargin.amount)}:`,
    ...route.reasons.map(reason(dongText)),
    `  ${gateways.address('marketing', `/v1/leads/${id}`)}`,
    `  ${gateways.address('sales', `/v1/leads/${id}`)}`,
  ];
}

/**
 * Of those whose mail was sent (of all, when none was): a person with a phone who asked for a water purifier, and an
 * organisation.
 */
async function whoAnswers(gateways: Gateways, campaignId: string): Promise<[Person, Person?]> {
  const sent = await all(gateways, 'marketing', `/campaigns/${campaignId}/messages?filter[status]=sent`);
  const messages =
    sent.length > 0
      ? sent
      : await all(gateways, 'marketing', `/campaigns/${campaignId}/messages?filter[status]=refused`);
  const people: Schema<'customers', 'CustomerView'>[] = [];
  for (const { customerId } of messages.slice(0, 400))
    people.push(await gateways.get('customers', `/customers/${customerId}`));
  people.sort((a, b) => (a.code < b.code ? -1 : 1));
  const buyer =
    people.find(
      ({ kind, phones, needs, insight }) =>
        kind === 'person' && phones.length > 0 && needs === 'Máy lọc nước' && !insight?.orders,
    ) ??
    people.find(({ phones }) => phones.length > 0) ??
    present(people[0], 'customer who was written to');
  const caller =
    people.find(({ id, kind }) => kind === 'organisation' && id !== buyer.id) ??
    people.find(({ id }) => id !== buyer.id);
  const short = ({ id, code, displayName, emails }: Person): Person => ({ id, code, displayName, emails });
  return caller ? [short(buyer), short(caller)] : [short(buyer)];
}

/** The link by which a customer answers, out of the mail that was caught. */
async function linkIn(gateways: Gateways, mails: string, address: string) {
  const [newest] = (await (await fetch(`${mails}?to=${encodeURIComponent(address)}&limit=1`)).json()) as {
    id: string;
  }[];
  if (!newest) return undefined;
  const { html } = (await (await fetch(`${mails}/${newest.id}`)).json()) as { html: string };
  const [, path] = /href="[^"]*?(\/v1\/r\/[^"]+)"/.exec(html) ?? [];
  return path && gateways.address('marketing', path);
}

function leadOf(gateways: Gateways, campaignId: string, customerId: string) {
  return until('the lead', async () => {
    const {
      data: [lead],
    } = await gateways.get('marketing', `/leads?filter[campaignId]=${campaignId}&filter[customerId]=${customerId}`);
    return lead && lead.routes.length > 0 && lead;
  });
}

function inSales(gateways: Gateways, id: string) {
  return until('the lead in sales', () => gateways.unless([404], () => gateways.get('sales', `/leads/${id}`)));
}

/** What analysis says of a customer now. */
export async function valueOf(gateways: Gateways, customerId: string) {
  const { rank, orders, revenue, paid, lifetimeValue } = await gateways.get('analytics', `/insights/${customerId}`);
  return { rank, orders, revenue, paid, lifetimeValue };
}
