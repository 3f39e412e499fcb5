/**
 * Plays the customer loop on the sample firm, or on a firm's own files, through the public gateways only: a list is
 * imported,
 * a campaign goes out, an answer becomes a lead and a payment, a complaint stops promotions until it is solved. Prints
 * what
 * happened with the addresses to look at, and keeps it in the book. A story that was interrupted goes on where it
 * stopped;
 * one that was told is only printed again.
 *
 *     node deploy/dist/sample/story.js [--endpoints .local/endpoints.json] [--book .local/story/book.json] [--customers
 * FILE --orders FILE]
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../local/settings.js';
import { Book } from './story/book.js';
import { runCampaign } from './story/campaign.js';
import { complain } from './story/complaint.js';
import { delayLines } from './story/effects.js';
import { orderLines, ownFiles, sampleFiles, wantedFromFile, wantedFromSample } from './story/files.js';
import { setUpFirm } from './story/firm.js';
import { Gateways, type Endpoints } from './story/gateways.js';
import { takeInHistory, takeInSeminar } from './story/history.js';
import { takeAnswers } from './story/lead.js';
import { reckon } from './story/outcome.js';
import { sell } from './story/sale.js';
import { printed } from './story/words.js';

const local = join(root, '.local');
const { values: options } = parseArgs({
  options: {
    endpoints: { type: 'string', default: process.env.ENDPOINTS ?? resolve(local, 'endpoints.json') },
    book: { type: 'string', default: resolve(local, 'story/book.json') },
    customers: { type: 'string' },
    orders: { type: 'string' },
  },
});

/** The civil day in the firm's zone, so many days from now. */
const day = (ahead = 0) =>
  new Date(Date.now() + ahead * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });

async function main() {
  if (Boolean(options.customers) !== Boolean(options.orders))
    throw new Error('--customers and --orders belong together: the orders name the customers by their code.');
  const endpoints = JSON.parse(readFileSync(options.endpoints, 'utf8')) as Endpoints;
  const gateways = new Gateways(endpoints);
  const own = Boolean(options.customers);
  const book = new Book(options.book, endpoints.installation ?? String(endpoints.services.identity?.url));
  if (book.content.finishedAt)
    return console.log(
      `\nThe story was told on ${book.content.finishedAt}; npm start -- --fresh tells it anew.\n${printed(book.content)}`,
    );

  console.log(
    `\nPlaying the customer loop ${own ? `on ${options.customers} and ${options.orders}` : 'on the sample firm'}:`,
  );
  const dates = { today: day(), inTwoWeeks: day(14), monthFromNow: day(30), inOneYear: day(365) };
  const files =
    options.customers && options.orders
      ? ownFiles(options.customers, options.orders)
      : sampleFiles(dates.today, options.book);
  const context = { gateways, book, files, own, ...dates };
  const firm = await setUpFirm(context);
  await takeInHistory({ ...context, firm });
  if (files.seminar && files.planted)
    await takeInSeminar({ ...context, seminar: files.seminar, planted: files.planted });
  const campaign = await runCampaign(context);
  const { buyer, other, lead, before } = await takeAnswers({ ...context, campaign });
  const wanted = own
    ? wantedFromFile(orderLines(files.orders.content), firm.products)
    : wantedFromSample(firm.products);
  const { orderId } = await sell({ ...context, firm, campaign, buyer, other, lead, before, wanted });
  await complain({ ...context, firm, campaign });
  await reckon({ ...context, campaign, buyer, orderId });
  book.tell('From a commit to its effect elsewhere', delayLines(book.content.delays));
  book.close();
  console.log(printed(book.content));
  console.log(`\nThe whole story, with every answer of the gateways: ${options.book}`);
}

main().catch((error) => {
  console.error(`\nThe story stopped: ${error.message}`);
  if (process.env.LOG_LEVEL === 'debug') console.error(error.stack);
  process.exitCode = 1;
});
