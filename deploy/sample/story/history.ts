import { toCsv } from '../generator/csv.js';
import type { Planted } from '../generator/seminar.js';
import type { Context } from './context.js';
import { orderLines, type StoryFile } from './files.js';
import type { Firm } from './firm.js';
import { all, present, until, type Gateways, type Job } from './gateways.js';
import type { Schema } from './operations.js';
import { dongText } from './words.js';

/** Takes in the firm's customers and two years of its orders; then ranks and lifetime values follow from the topics. */
export async function takeInHistory({ gateways, book, files, firm }: Context & { firm: Firm }) {
  await book.step('branches known to customers', (key) => branchesKnown(gateways, key, Object.keys(firm.branches)));
  const customers = await book.step('customers imported', (key) =>
    importCustomers(
      gateways,
      key,
      { ...files.customers, mode: 'create-update' },
      { branch: 'HO', sourceNote: 'customers of the old system' },
    ),
  );
  await book.step('customers known to sales and marketing', () => knownEverywhere(gateways));
  const orders = await book.step('orders imported', async (key) => {
    const started = Date.now();
    const job = await gateways.upload('sales', '/orders/imports', key, files.orders, progress(files.orders.name));
    return { seconds: (Date.now() - started) / 1_000, ...job.progress, result: job.result ?? {}, id: job.id };
  });
  const counted = await book.step('every buyer ranked', () =>
    ranked(gateways, recount(files.orders.content), orders.failed),
  );
  const model = await book.step("lifetime value fitted to the firm's own history", (key) => fit(gateways, key));
  const [best, dearest] = await book.step('best customers', () =>
    Promise.all([first(gateways, '-revenue'), first(gateways, '-lifetimeValue')]),
  );
  book.tell('Customers and their history', [
    `${files.customers.name}: ${importedText(customers)}`,
    `${files.orders.name}: ${orders.done} order lines in ${orders.seconds.toFixed(1)} s, ${orders.failed} rejected`,
    `${counted.ranked} customers ranked ${counted.seconds.toFixed(1)} s later; the revenue of ${counted.equal} of them equals the file's own sum${counted.equal === counted.buyers ? ', that of every buyer' : ` (${counted.buyers} are in the file)`}`,
    'basis' in model && model.basis === 'fitted'
      ? `Lifetime value: model ${model.version}, fitted to ${model.customers} customers up to ${model.asOf}, discounted at ${(model.discountRate * 100).toFixed(1)} % a year`
      : `Lifetime value: the built-in model of another firm, until there is enough of this one's own history (${'why' in model ? model.why : 'too few customers'})`,
    `Highest revenue: ${bestText(best)}`,
    `Highest lifetime value: ${bestText(dearest)}`,
    `  ${gateways.address('analytics', '/v1/rankings?sort=-lifetimeValue')}`,
  ]);
  return { customers };
}

/** Takes in a seminar's attendance list and says what became of its rows. */
export async function takeInSeminar({
  gateways,
  book,
  seminar,
  planted,
}: Context & { seminar: StoryFile; planted: Planted }) {
  const list = await book.step('seminar list imported', (key) =>
    importCustomers(
      gateways,
      key,
      { ...seminar, mode: 'create-update' },
      {
        branch: 'HN',
        source: 'seminar',
        sourceNote: 'Hội thảo Nước sạch cho ngôi nhà Việt',
      },
    ),
  );
  await book.step('guests known to marketing', () => knownToMarketing(gateways));
  book.tell('The seminar list', [
    `${seminar.name}: ${importedText(list)}`,
    ...Object.entries(list.reasons).map(([reason, count]) => `  rejected ${String(count).padStart(3)}  ${reason}`),
    `  planted in the file: ${planted.known.length} known customers, ${planted.repeats.length} guests written down twice, ${planted.broken.length} broken rows, ${planted.wrongTaxCode.length} wrong tax codes`,
    `  ready to mend and upload again: ${gateways.address('customers', `/v1/jobs/${list.id}/failed-rows.csv`)}`,
  ]);
  return list;
}

async function importCustomers(
  gateways: Gateways,
  key: string,
  { name, content, mode }: StoryFile & { mode: string },
  fields: Record<string, string>,
) {
  const started = Date.now();
  const send = async (attempt: string, more: Record<string, string> = {}) => {
    const job = await gateways.upload(
      'customers',
      '/customers/imports',
      `${key}${attempt}`,
      { name, content, fields: { mode, ...fields, ...more } },
      progress(name),
    );
    return gateways.get('customers', `/customers/imports/${job.id}`);
  };
  let done = await send('');
  // a firm's own list may name branches that this firm does not have: then its customers belong to the one of the form
  const branchColumn =
    done.reasons.branch_unknown && Object.keys(done.columns).find((header) => done.columns[header] === 'branch');
  if (branchColumn) done = await send('-without-branch', { mapping: JSON.stringify({ [branchColumn]: null }) });
  const { id, rows, created, updated, matched, rejected, warned, reasons } = done;
  return { id, rows, created, updated, matched, rejected, warned, reasons, seconds: (Date.now() - started) / 1_000 };
}

/** Waits until customers knows every branch: a preview of a list with one row for each is not refused any more. */
async function branchesKnown(gateways: Gateways, key: string, codes: string[]) {
  const content = toCsv(
    ['name', 'phone', 'branch'],
    codes.map((code, index) => [`Thử ${code}`, `09800000${String(index).padStart(2, '0')}`, code]),
  );
  let attempt = 0;
  await until(
    'the branches in customers',
    async () => {
      const preview = await gateways.unless([400], async () => {
        const { id } = await gateways.upload('customers', '/customers/imports', `${key}-${attempt++}`, {
          name: 'branches.csv',
          content,
          fields: { dryRun: 'true', branch: codes[0] ?? '' },
        });
        return gateways.get('customers', `/customers/imports/${id}`);
      });
      return preview && !preview.reasons.branch_unknown;
    },
    { everyMs: 500 },
  );
  return { branches: codes.length };
}

type Imported = Awaited<ReturnType<typeof importCustomers>>;

const importedText = ({ rows, created, updated, matched, rejected, warned, seconds }: Imported) =>
  `${rows} rows in ${seconds.toFixed(1)} s: ${created} new customers, ${updated + matched} matched known ones (${updated} learnt something), ${rejected} rejected, ${warned} taken with a warning`;

function progress(name: string) {
  let shown = { at: Date.now(), done: 0 };
  return ({ done, total, failed }: Job['progress']) => {
    if (Date.now() - shown.at < 3_000 || done === shown.done) return;
    shown = { at: Date.now(), done };
    console.log(`    ${name}: ${done}${total ? ` of ${total}` : ''}${failed ? `, ${failed} rejected` : ''}`);
  };
}

/** Waits until marketing has as many customers as the owner has. */
async function knownToMarketing(gateways: Gateways) {
  const { total = 0 } = await gateways.get('customers', '/customers?limit=1&count=exact');
  await until(
    'all customers in marketing',
    async () =>
      (
        await gateways.post('marketing', '/segments/preview', crypto.randomUUID(), {
          rule: { combinator: 'and', rules: [] },
        })
      ).size >= total,
    { timeoutMs: 180_000, everyMs: 300 },
  );
  return total;
}

/**
 * Sales tells a price only for customers that it knows, and is asked again until it does: for a sample of them, the
 * newest among it.
 */
async function knownEverywhere(gateways: Gateways) {
  const total = await knownToMarketing(gateways);
  const [
    { data: newest },
    {
      data: [product],
    },
  ] = await Promise.all([
    gateways.get('customers', '/customers?limit=200&sort=-registeredAt'),
    gateways.get('sales', '/products?limit=1'),
  ]);
  for (const { id } of newest) {
    await gateways.get('sales', `/prices/quote?product=${present(product, 'product').code}&customer=${id}`);
  }
  return { total };
}

/** What the file itself says: each buyer's net revenue, by customer code. */
function recount(content: string) {
  const revenue = new Map<string, number>();
  for (const { customerCode, amount } of orderLines(content))
    revenue.set(customerCode, (revenue.get(customerCode) ?? 0) + amount);
  return revenue;
}

/**
 * Waits until analysis has taken in what sales published: until every buyer's revenue equals the file's or, where rows
 * were rejected, until it has as many orders as sales and nothing moves any more.
 */
async function ranked(gateways: Gateways, revenue: Map<string, number>, rejected: number) {
  const started = Date.now();
  const { total: orders = 0 } = await gateways.get('sales', '/orders?limit=1&count=exact');
  let before = '';
  return until(
    'the revenue of every buyer in analytics',
    async () => {
      const rows = await all(gateways, 'analytics', '/rankings');
      const equal = rows.filter(
        (row) => revenue.get(row.customerCode?.toUpperCase() ?? '') === Number(row.revenue.amount),
      ).length;
      const now = `${rows.length} ${rows.reduce((sum, row) => sum + Number(row.revenue.amount), 0)}`;
      const settled = now === before && rows.reduce((sum, row) => sum + row.orders, 0) >= orders;
      before = now;
      return (
        (equal === revenue.size || (rejected > 0 && settled)) && {
          ranked: rows.length,
          buyers: revenue.size,
          equal,
          seconds: (Date.now() - started) / 1_000,
        }
      );
    },
    { timeoutMs: 300_000, everyMs: 1_500 },
  );
}

async function fit(gateways: Gateways, key: string) {
  try {
    await gateways.finish('analytics', await gateways.post('analytics', '/models', key, {}));
    return await gateways.get('analytics', '/models/current');
  } catch (error) {
    // a firm with few buyers keeps the model that it began with
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

async function first(gateways: Gateways, sort: string) {
  const {
    data: [row],
  } = await gateways.get('analytics', `/rankings?limit=1&sort=${sort}`);
  return gateways.get('analytics', `/insights/${present(row, 'ranked customer').customerId}`);
}

const bestText = ({
  displayName,
  customerCode,
  rank,
  revenue,
  lifetimeValue,
  lastOrderOn,
  purchaseProbability,
}: Schema<'analytics', 'InsightView'>) =>
  `${displayName} (${customerCode}), ${rank}, revenue ${dongText(revenue.amount)}, last order ${lastOrderOn}, ${((purchaseProbability ?? 0) * 100).toFixed(1)} % likely to buy within twelve months, lifetime value ${dongText(lifetimeValue.amount)}`;

/** Customers with the highest lifetime value, the best first. */
export async function mostValuable(gateways: Gateways, count: number) {
  const { data } = await gateways.get('analytics', `/rankings?sort=-lifetimeValue&limit=${count}`);
  return Promise.all(data.map(({ customerId }) => gateways.get('customers', `/customers/${customerId}`)));
}
