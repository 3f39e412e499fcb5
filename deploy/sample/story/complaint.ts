import { settled, type Campaign } from './campaign.js';
import type { Context } from './context.js';
import { watch } from './effects.js';
import { dong, type Firm } from './firm.js';
import { all, present, until, type Gateways } from './gateways.js';
import { mostValuable } from './history.js';
import type { Schema } from './operations.js';

const content = {
  vi: {
    subject: 'Tri ân khách hàng thân thiết',
    body: '<p>Kính gửi {{ customer.name }},</p><p>Chúng tôi có một món quà tri ân dành cho quý khách. <a href="{{ links.response }}">Nhận quà</a></p>',
  },
};

/**
 * One of the best customers complains: the case gets deadlines and the place in the queue that this customer's value
 * earns, and no promotion goes out to them until it is solved well.
 */
export async function complain({
  gateways,
  book,
  today,
  monthFromNow,
  firm,
  campaign,
}: Context & { firm: Firm; campaign: Campaign }) {
  const { vip, others, plain } = await book.step('who complains', () => whoComplains(gateways, campaign.campaignId));
  const segment = await book.step('list of loyal customers', async (key) => {
    const list = await gateways.post('marketing', '/segments', key, { name: 'Khách hàng thân thiết', kind: 'static' });
    await gateways.post('marketing', `/segments/${list.id}/members`, `${key}-members`, {
      add: [vip, ...others].map(({ id }) => id),
    });
    return list;
  });
  const severeOpen = async () => {
    const members = await gateways.get(
      'marketing',
      `/segments/${segment.id}/members?filter[code]=${encodeURIComponent(vip.code)}`,
    );
    return members.data[0]?.openSevereComplaints ?? 0;
  };

  const other = await book.step('complaint of another customer', (key) =>
    openComplaint(gateways, key, plain.id, 'Điều hòa kêu to'),
  );
  const complaint = await book.step('complaint of a valuable customer', async (key) => {
    const opened = await openComplaint(gateways, key, vip.id, 'Máy lọc nước rò rỉ sau khi thay lõi');
    await watch({ gateways, book }, [
      {
        what: 'the complaint at the send gate',
        from: 'support',
        to: 'marketing',
        look: async () => (await severeOpen()) > 0,
      },
      {
        what: "the complaint in the customer's value",
        from: 'support',
        to: 'analytics',
        look: async () => (await gateways.get('analytics', `/insights/${vip.id}`)).openComplaints > 0,
      },
    ]);
    return opened;
  });
  const places = await book.step('places in the queue', () =>
    Promise.all([
      gateways.get('support', `/cases/${complaint.id}/queue-position`),
      gateways.get('support', `/cases/${other.id}/queue-position`),
    ]),
  );
  const refused = await book.step('promotion while the complaint is open', (key) =>
    promote(gateways, key, {
      code: `TRI-AN-1-${today.slice(0, 7)}`,
      segmentId: segment.id,
      audience: others.length + 1,
      customerId: vip.id,
      today,
      monthFromNow,
    }),
  );

  const path = `/cases/${complaint.id}` as const;
  const agent = firm.staff?.['NV-018'];
  if (agent)
    await book.step('case assigned', (key) =>
      until('the agent in support', () =>
        gateways.unless([404, 422], () => gateways.act('support', path, 'assign', key, { agentId: agent })),
      ),
    );
  await book.step('case answered', (key) =>
    gateways.act('support', path, 'answer', key, { text: 'Chúng tôi xin lỗi, kỹ thuật viên sẽ đến trong hôm nay.' }),
  );
  await book.step('case solved', async (key) => {
    await gateways.act('support', path, 'solve', key, {
      solution: 'Thay gioăng và lõi mới, tặng một lần kiểm nghiệm nước',
      cause: 'gioang-loi',
    });
    await watch({ gateways, book }, [
      {
        what: 'the solution at the send gate',
        from: 'support',
        to: 'marketing',
        look: async () => (await severeOpen()) === 0,
      },
    ]);
  });
  const solved = await book.step('case rated', (key) =>
    gateways.act('support', path, 'rate', key, { rating: 5, comment: 'Xử lý nhanh' }),
  );
  const alone = await book.step('list of the one who complained', async (key) => {
    const list = await gateways.post('marketing', '/segments', key, {
      name: `Xin lỗi và tri ân ${vip.code}`,
      kind: 'static',
    });
    await gateways.post('marketing', `/segments/${list.id}/members`, `${key}-members`, { add: [vip.id] });
    return list;
  });
  const allowed = await book.step('promotion after the solution', (key) =>
    promote(gateways, key, {
      code: `TRI-AN-2-${today.slice(0, 7)}`,
      segmentId: alone.id,
      audience: 1,
      customerId: vip.id,
      today,
      monthFromNow,
    }),
  );

  const [place, otherPlace] = places;
  book.tell('A complaint', [
    `${vip.displayName} (${vip.code}), ${place.rank}, complains: case ${complaint.code}, first answer due ${complaint.firstResponseDueAt}, solution due ${complaint.solutionDueAt}`,
    `  why these deadlines: ${gateways.address('support', `/v1${path}/deadlines`)}`,
    `Place ${place.position} in the queue (${pointsText(place)}), before the like complaint ${other.code} that was opened earlier: place ${otherPlace.position} (${pointsText(otherPlace)})`,
    `  ${gateways.address('support', '/v1/queue')}`,
    `Promotion while it was open: ${outcome(refused.message)}; ${refused.sent} others on the same list got theirs`,
    `  ${gateways.address('marketing', `/v1/campaigns/${refused.id}/messages`)}`,
    `Solved (${solved.cause}) and rated ${solved.rating} of 5; promotion after that: ${outcome(allowed.message)}`,
    `  ${gateways.address('customers', `/v1/customers/${vip.id}/timeline`)}`,
  ]);
  return { vip };
}

const outcome = ({ status, reason }: { status: string; reason: string | null | undefined }) =>
  reason ? `${status}, ${reason}` : status;
const pointsText = ({ points, parts }: Schema<'support', 'QueuePosition'>) =>
  `${points} points: ${parts.map(({ code, value, points: each }) => `${code} ${value} ${each}`).join(', ')}`;

function openComplaint(gateways: Gateways, key: string, customerId: string, subject: string) {
  return gateways.post('support', '/cases', key, {
    customerId,
    subject,
    kind: 'complaint',
    severity: 'high',
    category: 'chat-luong',
    channel: 'call',
  });
}

/** Drafts and launches a promotion to a list, and says what became of one customer's message. */
async function promote(
  gateways: Gateways,
  key: string,
  {
    code,
    segmentId,
    audience,
    customerId,
    today,
    monthFromNow,
  }: Pick<Context, 'today' | 'monthFromNow'> & {
    code: string;
    segmentId: string;
    audience: number;
    customerId: string;
  },
) {
  const { id } = await gateways.post('marketing', '/campaigns', `${key}-draft`, {
    code,
    name: 'Tri ân khách hàng thân thiết',
    segmentId,
    startsOn: today,
    endsOn: monthFromNow,
    channel: 'email',
    content,
    planned: dong(1_000_000),
    messageCost: dong(350),
  });
  await gateways.act('marketing', `/campaigns/${id}`, 'launch', `${key}-launch`);
  const { sent } = await settled(gateways, id, audience);
  const {
    data: [message],
  } = await gateways.get('marketing', `/campaigns/${id}/messages?filter[customerId]=${customerId}`);
  const { status, reason } = present(message, 'message to who complained');
  return { id, sent, message: { status, reason } };
}

/**
 * A most valuable customer who may be written to and was not written to yet, three more of them, and somebody of the
 * lowest ranks.
 */
async function whoComplains(gateways: Gateways, campaignId: string) {
  const written = new Set(
    (await all(gateways, 'marketing', `/campaigns/${campaignId}/messages`)).map(({ customerId }) => customerId),
  );
  const best = await mostValuable(gateways, 100);
  const reachable = best.filter(
    ({ emails, consents }) =>
      emails.length > 0 &&
      consents.some(({ purpose, channel, given }) => purpose === 'marketing' && channel === 'email' && given),
  );
  const [first, ...rest] = [...reachable.filter(({ id }) => !written.has(id)), ...reachable, ...best];
  const vip = present(first, 'customer with a lifetime value');
  const others = [
    ...new Map(rest.filter(({ id }) => id !== vip.id).map((person) => [person.id, person])).values(),
  ].slice(0, 3);
  const { data } = await gateways.get('analytics', '/rankings?sort=revenue&limit=10');
  const plain = data.find(({ customerId }) => customerId !== vip.id) ?? {
    customerId: present(others[0], 'other customer').id,
  };
  const short = ({ id, code, displayName }: Schema<'customers', 'CustomerView'>) => ({ id, code, displayName });
  return { vip: short(vip), others: others.map(short), plain: { id: plain.customerId } };
}
