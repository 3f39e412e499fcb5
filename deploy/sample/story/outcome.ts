import type { Campaign } from './campaign.js';
import type { Context } from './context.js';
import { watch } from './effects.js';
import { all, present, until } from './gateways.js';
import { valueOf, type Person } from './lead.js';
import { dongText, valueText } from './words.js';

/** A part comes back; then what the campaign cost and brought, and all that any service did with the buyer. */
export async function reckon({
  gateways,
  book,
  buyer,
  orderId,
  campaign,
}: Context & { buyer: Person; orderId: string; campaign: Campaign }) {
  const order = `/orders/${orderId}` as const;
  const returned = await book.step('goods returned', async (key) => {
    const before = await valueOf(gateways, buyer.id);
    const { lines } = await gateways.get('sales', order);
    const after = await gateways.act('sales', order, 'returns', key, {
      lines: [{ line: present(lines.at(-1), 'line of the order').line, quantity: '1' }],
      reason: 'Khách đã có sẵn',
    });
    const credited = present(after.returns.at(-1), 'return').credited;
    await watch({ gateways, book }, [
      {
        what: "the return in the customer's revenue",
        from: 'sales',
        to: 'analytics',
        look: async () =>
          Number((await valueOf(gateways, buyer.id)).revenue.amount) <=
            Number(before.revenue.amount) - Number(credited.amount) || gateways.replayed,
      },
    ]);
    return { credited, order: after.code };
  });
  const value = await book.step('value after the return', () => valueOf(gateways, buyer.id));
  book.tell('A return', [
    `One piece of order ${returned.order} comes back, ${dongText(returned.credited.amount)} credited; the order itself is not overwritten`,
    `after the return      ${valueText(value)}`,
  ]);

  const results = await book.step('results of the campaign', () =>
    until("the return in the campaign's results", async () => {
      const found = await gateways.get('marketing', `/campaigns/${campaign.campaignId}/results`);
      return Number(found.returns.amount) > 0 && Number(found.paid.amount) > 0 && found;
    }),
  );
  book.tell('What the campaign cost and brought', [
    `${results.sent} mails, ${results.responses} answers, ${results.leads} leads, ${results.orders} order`,
    `cost ${dongText(results.cost.amount)}, revenue ${dongText(results.revenue.amount)}, paid ${dongText(results.paid.amount)}, returns ${dongText(results.returns.amount)}`,
    `profit ${dongText(results.profit.amount)}, for each đồng of cost ${results.returnOnCost}`,
    `  ${gateways.address('marketing', `/v1/campaigns/${campaign.campaignId}/results`)}`,
  ]);

  const timeline = await book.step('timeline', () =>
    until('the return on the timeline', async () => {
      const entries = await all(gateways, 'customers', `/customers/${buyer.id}/timeline`);
      return (
        entries.some(({ kind }) => kind === 'goods-returned') &&
        entries.map(({ at, service, text }) => ({ at, service, text }))
      );
    }),
  );
  book.tell(`Everything that any service did with ${buyer.displayName}`, [
    ...timeline
      .reverse()
      .map(({ at, service, text }) => `${at.slice(0, 19).replace('T', ' ')}  ${service.padEnd(9)}  ${text}`),
    gateways.address('customers', `/v1/customers/${buyer.id}/timeline`),
  ]);
}
