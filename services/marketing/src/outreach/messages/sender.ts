import { Injectable } from '@nestjs/common';
import { Database, Every, momentOf } from '@quen/chassis';
import { build, MessageRefused, MessageSent } from '@quen/events';
import { Events, newId, type Transaction } from '@quen/messaging';
import { SuppressionsService } from '../../audience/suppressions/suppressions.service.js';
import { MarketingConfig } from '../../marketing.config.js';
import { fillingOf } from '../campaigns/campaign-filling.value.js';
import { CampaignsService, type Campaign } from '../campaigns/campaigns.service.js';
import { LinksService } from '../links/links.service.js';
import { MailService } from '../mail/mail.service.js';
import { TemplatesService, type Rendered, type TemplateFault } from '../templates/templates.service.js';
import {
  claim,
  postpone,
  refuse,
  renew,
  settle,
  takeBack,
  takeDue,
  type Claimed,
  type Due,
} from './outbound.queries.js';
import { decide, parseQuietHours, type SendPolicy } from './send-gate.js';
import { settlementOf, type DeliveryOutcome } from './settlement.js';

/** One try of one message. */
interface Delivery {
  message: Claimed;
  outcome: DeliveryOutcome;
}

/** A message that is to be handed over, with its links and, soon, its text. */
interface Handing {
  message: Claimed;
  campaign: Campaign;
  links: { response: string; unsubscribe: string };
  text: Promise<Rendered | TemplateFault>;
}

/** Messages of a campaign that may take too long to fill before it is held back. */
const strikesAtMost = 3;

/**
 * Sends what is due: claims a few messages through the send gate, hands each over, and writes how it ended. The claim
 * commits before the mail server is
 * spoken to, so a message is never sent by two workers; what a killed worker held is tried once more under the same
 * Message-ID.
 */
@Injectable()
export class MessageSender {
  private readonly policy: SendPolicy;
  private readonly strikes = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly campaigns: CampaignsService,
    private readonly links: LinksService,
    private readonly templates: TemplatesService,
    private readonly mail: MailService,
    private readonly suppressions: SuppressionsService,
    private readonly config: MarketingConfig,
  ) {
    this.policy = {
      dailyCap: config.EMAIL_DAILY_CAP,
      quietHours: parseQuietHours(config.EMAIL_QUIET_HOURS),
      timeZone: config.TIME_ZONE,
    };
  }

  /** Works until nothing is due or the mail server cannot be reached. */
  @Every('PT1S', 'message-sender')
  async sendDue(): Promise<void> {
    const worker = newId();
    const renewal = setInterval(
      () => void this.database.elevated((tx) => renew(tx, worker)).catch(() => undefined),
      10_000,
    );
    try {
      await this.database.elevated(takeBack);
      for (;;) {
        const { taken, claimed } = await this.database.elevated((tx) => this.claimDue(tx, worker));
        if (taken === 0) return;
        const outcomes = await this.deliver(claimed, worker);
        if (outcomes.some(({ outcome }) => outcome.kind === 'unreachable')) return;
      }
    } finally {
      clearInterval(renewal);
    }
  }

  /** Lets due messages through the gate: refuses, postpones or claims each. */
  private async claimDue(tx: Transaction, worker: string): Promise<{ taken: number; claimed: Claimed[] }> {
    const due = await takeDue(tx, this.config.SEND_BATCH);
    if (due.length === 0) return { taken: 0, claimed: [] };
    const now = momentOf(tx).at;
    const claimed: Claimed[] = [];
    const refused: { message: Due; reason: string }[] = [];
    const delayed: { id: string; until: Date }[] = [];
    const today = new Map<string, number>();
    const count = (key: string): number => today.get(key) ?? 0;
    for (const message of due) {
      const { customerId, facts } = message;
      const sentLastDay = facts.sentLastDay + Math.max(count(customerId), facts.address ? count(facts.address) : 0);
      const decision = decide({ ...facts, sentLastDay }, this.policy, now);
      switch (decision.kind) {
        case 'send':
          claimed.push({ ...message, address: decision.address });
          for (const key of [customerId, decision.address]) today.set(key, count(key) + 1);
          break;
        case 'refuse':
          refused.push({ message, reason: decision.reason });
          break;
        case 'wait':
          delayed.push({ id: message.id, until: decision.until });
          break;
      }
    }
    await claim(tx, worker, claimed);
    await refuse(
      tx,
      refused.map(({ message, reason }) => ({ id: message.id, reason })),
    );
    await postpone(tx, delayed);
    await this.events.publishAll(
      tx,
      refused.map(({ message, reason }) => ({
        aggregate: { version: message.version + 1 },
        messages: [refusal(message, reason)],
      })),
    );
    return { taken: due.length, claimed };
  }

  /**
   * Hands messages over, several at a time; outcomes are written as they come in, those that came in meanwhile
   * together.
   */
  private async deliver(claimed: Claimed[], worker: string): Promise<Delivery[]> {
    const queue = await this.filling(claimed);
    const done: Delivery[] = [];
    const waiting: Delivery[] = [];
    let writing = Promise.resolve();
    const write = async (): Promise<void> => {
      const batch = waiting.splice(0);
      if (batch.length) await this.database.elevated((tx) => this.record(tx, worker, batch));
    };
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const delivery = { message: next.message, outcome: await this.hand(next) };
        done.push(delivery);
        waiting.push(delivery);
        writing = writing.then(write);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.config.SMTP_CONNECTIONS, claimed.length) }, lane));
    await writing;
    return done;
  }

  /** Begins to fill all messages at once; the first are handed over while the last are being filled. */
  private async filling(claimed: Claimed[]): Promise<Handing[]> {
    const campaigns = await this.campaignsOf(claimed);
    const links = await Promise.all(claimed.map((message) => this.links.linksOf(message.id)));
    const texts = this.templates.fillAll(
      claimed.map((message, index) => fillingOf(campaigns.get(message.campaignId)!, message.customer, links[index]!)),
    );
    // Each is awaited when its turn comes; until then nobody is there to hear of a failure.
    for (const text of texts) text.catch(() => undefined);
    return claimed.map((message, index) => ({
      message,
      campaign: campaigns.get(message.campaignId)!,
      links: links[index]!,
      text: texts[index]!,
    }));
  }

  private async hand({ message, campaign, links, text }: Handing): Promise<DeliveryOutcome> {
    let filled: Rendered | TemplateFault;
    try {
      filled = await text;
    } catch (error) {
      return {
        kind: 'unreachable',
        answer: `The message could not be filled now: ${(error as Error).message.slice(0, 300)}`,
      };
    }
    if ('code' in filled) return { kind: 'unfilled', reason: filled.code, answer: `${filled.part}: ${filled.message}` };
    return this.mail.send({
      ...filled,
      id: message.id,
      to: message.address,
      toName: message.customer.displayName ?? '',
      headers: {
        'List-Unsubscribe': `<${links.unsubscribe}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'Feedback-ID': `${campaign.code}:quen`,
        'Auto-Submitted': 'auto-generated',
      },
    });
  }

  private async record(tx: Transaction, worker: string, deliveries: Delivery[]): Promise<void> {
    const settlements = deliveries.map(({ message, outcome }) =>
      settlementOf(message.id, outcome, message.attempts + 1, message.interruptions),
    );
    const held = new Map((await settle(tx, worker, settlements)).map((row) => [row.id, row.version]));
    const settled = deliveries.flatMap((delivery, index) => {
      const version = held.get(delivery.message.id);
      return version === undefined ? [] : [{ ...delivery, version, settlement: settlements[index]! }];
    });
    const sent = settled.filter(({ settlement }) => settlement.status === 'sent');
    for (const campaignId of [...new Set(sent.map(({ message }) => message.campaignId))].sort()) {
      const own = sent.filter(({ message }) => message.campaignId === campaignId);
      const cost = await this.campaigns.bookMessages(tx, campaignId, own.length);
      await this.events.publishAll(
        tx,
        own.map(({ message, version }) => ({
          aggregate: { version },
          messages: [
            build(MessageSent, {
              messageId: message.id,
              campaignId,
              customerId: message.customerId,
              channel: 'email',
              cost,
            }),
          ],
        })),
      );
    }
    const refused = settled.filter(({ settlement }) => settlement.status === 'refused');
    await this.events.publishAll(
      tx,
      refused.map(({ message, version, settlement }) => ({
        aggregate: { version },
        messages: [refusal(message, settlement.reason!)],
      })),
    );
    for (const { message, outcome, settlement } of refused) {
      if (settlement.reason === 'bounced')
        await this.suppressions.suppress(tx, {
          customerId: null,
          address: message.address,
          channel: 'email',
          reason: outcome.answer,
          origin: 'bounce',
        });
    }
    for (const { message, settlement } of refused) {
      if (settlement.reason !== 'template_too_slow' && settlement.reason !== 'template_too_large') continue;
      const strikes = (this.strikes.get(message.campaignId) ?? 0) + 1;
      this.strikes.set(message.campaignId, strikes);
      if (strikes < strikesAtMost) continue;
      this.strikes.delete(message.campaignId);
      await this.campaigns.holdBack(tx, message.campaignId);
    }
  }

  private async campaignsOf(messages: Claimed[]): Promise<Map<string, Campaign>> {
    const ids = [...new Set(messages.map((message) => message.campaignId))];
    return new Map(
      await this.database.elevated(() =>
        Promise.all(ids.map(async (id) => [id, await this.campaigns.get(id)] as const)),
      ),
    );
  }
}

function refusal(message: Due, reason: string): MessageRefused {
  return build(MessageRefused, {
    messageId: message.id,
    campaignId: message.campaignId,
    customerId: message.customerId,
    channel: 'email',
    reason,
  });
}
