import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  defineList,
  Every,
  find,
  instant,
  integer,
  lock,
  momentOf,
  page,
  uuid,
  type Page,
  type ParsedList,
} from '@quen/chassis';
import { leadSources, type LeadSource, type Money } from '@quen/events';
import { defineProblem, Events, type Transaction } from '@quen/messaging';
import { CustomersService } from '../../audience/customers/customers.service.js';
import { MarketingConfig } from '../../marketing.config.js';
import { ChannelsService } from '../channels/channels.service.js';
import { rankChannels, type Route } from './lead-routing.js';
import { scoreLead } from './lead-score.js';
import { Lead, leadStatuses, type Decided } from './lead.entity.js';
import {
  addRoute,
  answerRoute,
  candidates,
  routesOf,
  scoreFacts,
  takePlace,
  type Candidate,
  type RouteRow,
} from './lead.queries.js';
import type { CaptureLead } from './leads.dto.js';

const customerGone = defineProblem('unprocessable', 'customer_gone', {
  en: 'Customer {id} is merged or erased.',
  vi: 'Khách hàng {id} đã gộp hoặc đã xóa.',
});
const leadOpen = defineProblem('conflict', 'lead_open', {
  en: 'This customer has an open lead for the same campaign: {leadId}.',
  vi: 'Khách hàng này đang có đầu mối mở cho cùng chiến dịch: {leadId}.',
});
const campaignUnknown = defineProblem('unprocessable', 'campaign_unknown', {
  en: 'There is no campaign {id} that you may see.',
  vi: 'Không có chiến dịch {id} mà bạn được xem.',
});

export const leadList = defineList({
  entity: Lead,
  fields: {
    status: choice(leadStatuses),
    source: choice(leadSources),
    customerId: uuid(),
    campaignId: uuid(),
    channelId: uuid(),
    branchId: uuid(),
    ownerId: uuid(),
    score: integer(),
    capturedAt: instant(),
  },
  sort: ['capturedAt', 'score', 'updatedAt'],
  defaultSort: '-capturedAt',
});

/** A lead with the channels that it was with, the newest first. */
export type LeadWithRoutes = Lead & { routes: RouteRow[] };

interface Choice {
  best: Route;
  channel: Candidate;
}

interface Intent {
  customerId: string;
  source: LeadSource;
  campaignId: string | null;
  interest: string | null;
}

/** Leads from capture until sales has decided them. */
@Injectable()
export class LeadsService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly channels: ChannelsService,
    private readonly customers: CustomersService,
    private readonly config: MarketingConfig,
  ) {}

  list(query: ParsedList): Promise<Page<LeadWithRoutes>> {
    return this.database.read(async (tx) => {
      const found = await page(tx, leadList, query);
      const routes = await routesOf(
        tx,
        found.data.map((lead) => lead.id),
      );
      return {
        ...found,
        data: found.data.map((lead) =>
          Object.assign(lead, { routes: routes.filter(({ leadId }) => leadId === lead.id) }),
        ),
      };
    });
  }

  get(id: string): Promise<LeadWithRoutes> {
    return this.database.read(async (tx) =>
      Object.assign(await find(tx, Lead, id), { routes: await routesOf(tx, [id]) }),
    );
  }

  /**
   * Captures, scores and routes a lead in one act. @throws Problem not_known_here_yet, customer_gone, campaign_unknown,
   * lead_open
   */
  capture(body: CaptureLead): Promise<LeadWithRoutes> {
    return this.database.transaction(async (tx) => {
      await this.customers.get(tx, body.customerId);
      if (
        body.campaignId &&
        !((await tx.query('select 1 from campaign where id = $1', [body.campaignId])) as object[]).length
      )
        throw campaignUnknown({ id: body.campaignId });
      return this.database.elevated(async (all) => {
        const intent: Intent = {
          customerId: body.customerId,
          source: body.source,
          campaignId: body.campaignId ?? null,
          interest: body.interest ?? null,
        };
        const customer = await this.lockCustomer(all, body.customerId);
        if (!customer) throw customerGone({ id: body.customerId });
        const open = await this.openLead(all, intent);
        if (open) throw leadOpen({ leadId: open.id });
        const lead = await this.begin(all, intent, customer);
        return Object.assign(lead, { routes: await routesOf(all, [lead.id]) });
      });
    });
  }

  /**
   * Takes an answer to a campaign: renews the customer's open lead of that campaign, or captures one. Customers who are
   * gone leave none.
   */
  async captureAnswer(
    tx: Transaction,
    answer: { customerId: string; campaignId: string; interest: string | null },
  ): Promise<void> {
    await this.database.elevated(async (all) => {
      const intent: Intent = { ...answer, source: 'campaign' };
      const customer = await this.lockCustomer(all, answer.customerId);
      if (!customer) return;
      const open = await this.openLead(all, intent);
      if (!open) return void (await this.begin(all, intent, customer));
      const lead = await lock(all, Lead, open.id);
      lead.renew(answer.interest, momentOf(all).at);
      await this.rate(all, [lead]);
    });
  }

  /** A seller took the lead. Leads that marketing does not know are sales' own. */
  async accepted(tx: Transaction, leadId: string, ownerId: string): Promise<void> {
    const lead = await this.mine(tx, leadId);
    if (!lead?.accept(ownerId, momentOf(tx).at)) return;
    await tx.save(lead);
    await answerRoute(tx, leadId, 'accepted', null);
  }

  /** A manager gave the lead to another seller. */
  async assigned(tx: Transaction, leadId: string, ownerId: string): Promise<void> {
    const lead = await this.mine(tx, leadId);
    if (lead?.assign(ownerId, momentOf(tx).at)) await tx.save(lead);
  }

  /** The channel did not want the lead: the next best one gets it. */
  async declined(tx: Transaction, leadId: string, reason: string): Promise<void> {
    const lead = await this.mine(tx, leadId);
    if (!lead?.comeBack(momentOf(tx).at)) return;
    await answerRoute(tx, leadId, 'declined', reason);
    await this.route(tx, lead);
  }

  /** The lead became an opportunity. */
  async converted(tx: Transaction, leadId: string): Promise<void> {
    await this.note(tx, leadId, (lead, at) => lead.convert(at));
  }

  /** The lead's opportunity was won, for so much, or lost; the channel's record learns from it. */
  async decided(tx: Transaction, leadId: string, status: 'won' | 'lost', amount?: Money): Promise<void> {
    await this.note(tx, leadId, (lead, at) => lead.decide(status, at), amount);
  }

  /**
   * The lead's opportunity that was lost is worked on again. A customer has one open lead of a campaign: where another
   * took its place, the loss stands.
   */
  async reopened(tx: Transaction, leadId: string): Promise<void> {
    const lead = await this.mine(tx, leadId);
    if (!lead) return;
    await this.lockCustomer(tx, lead.customerId);
    if (!(await this.openLead(tx, lead))) await this.note(tx, leadId, (each, at) => each.reopen(at));
  }

  /** Lets scores fade day by day, and gives leads that no channel could take another chance. */
  @Every('PT1M', 'lead-upkeep')
  async keepUp(): Promise<void> {
    await this.database.elevated(async (tx) => {
      const fading = await tx
        .createQueryBuilder(Lead, 'l')
        .setLock('pessimistic_write')
        .setOnLocked('skip_locked')
        .where("l.status in ('routed', 'unrouted') and l.scored_at < now() - interval '1 day'")
        .orderBy('l.scored_at')
        .take(200)
        .getMany();
      await this.rate(tx, fading);
      const waiting = await tx
        .createQueryBuilder(Lead, 'l')
        .setLock('pessimistic_write')
        .setOnLocked('skip_locked')
        .where("l.status = 'unrouted' and l.updated_at < now() - interval '5 minutes'")
        .orderBy('l.updated_at')
        .take(50)
        .getMany();
      for (const lead of waiting) await this.route(tx, lead);
    });
  }

  private async begin(
    tx: Transaction,
    intent: Intent,
    customer: { branch_id: string; category: string | null },
  ): Promise<Lead> {
    const now = momentOf(tx).at;
    const lead = Lead.capture(
      { ...intent, branchId: customer.branch_id, category: customer.category ?? 'consumer' },
      now,
    );
    const facts = await scoreFacts(tx, [lead]);
    const scored = lead.rate(scoreLead(facts.get(lead.id)!, now), now);
    const choice = await this.choose(tx, lead);
    const routed = choice && lead.routeTo(choice.best, choice.channel, now);
    await tx.insert(Lead, lead);
    if (choice) await this.noteRoute(tx, lead, choice);
    await this.events.publish(tx, lead, ...[lead.captured(), scored, routed].filter((event) => event !== undefined));
    return lead;
  }

  private async rate(tx: Transaction, leads: Lead[]): Promise<void> {
    if (leads.length === 0) return;
    const facts = await scoreFacts(tx, leads);
    const now = momentOf(tx).at;
    const scored = leads.map((lead) => lead.rate(scoreLead(facts.get(lead.id)!, now), now));
    await tx.save(leads);
    await this.events.publishAll(
      tx,
      leads.flatMap((lead, index) => (scored[index] ? [{ aggregate: lead, messages: [scored[index]] }] : [])),
    );
  }

  private async route(tx: Transaction, lead: Lead): Promise<void> {
    const choice = await this.choose(tx, lead);
    const now = momentOf(tx).at;
    if (!choice) {
      lead.updatedAt = now;
      await tx.save(lead);
      return;
    }
    const routed = lead.routeTo(choice.best, choice.channel, now);
    await tx.save(lead);
    await this.noteRoute(tx, lead, choice);
    await this.events.publish(tx, lead, routed);
  }

  /**
   * Finds the channel that is expected to earn most of the lead, with a place taken in its day; undefined when none can
   * have it now.
   */
  private async choose(tx: Transaction, lead: Lead): Promise<Choice | undefined> {
    for (;;) {
      const { province, channels } = await candidates(tx, lead);
      const [best] = rankChannels({ score: lead.score, province }, channels).routes;
      const channel = channels.find((each) => each.id === best?.channel.id);
      if (!best || !channel) return undefined;
      if (await takePlace(tx, channel)) return { best, channel };
    }
  }

  private noteRoute(tx: Transaction, lead: Lead, { best, channel }: Choice): Promise<void> {
    return addRoute(tx, lead.id, {
      channelId: channel.id,
      channelCode: channel.code,
      currency: channel.currency,
      expectedMargin: best.expectedMargin,
      reasons: best.reasons,
    });
  }

  private async note(
    tx: Transaction,
    leadId: string,
    step: (lead: Lead, at: Date) => Decided,
    amount?: Money,
  ): Promise<void> {
    const lead = await this.mine(tx, leadId);
    if (!lead) return;
    const outcome = step(lead, momentOf(tx).at);
    if (outcome.converted + outcome.won + outcome.lost === 0) return;
    await tx.save(lead);
    if (lead.channelId)
      await this.channels.note(tx, {
        channelId: lead.channelId,
        category: lead.category,
        ...outcome,
        amount: outcome.won ? amount : undefined,
      });
  }

  private mine(tx: Transaction, leadId: string): Promise<Lead | null> {
    return tx.findOne(Lead, { where: { id: leadId }, lock: { mode: 'pessimistic_write' } });
  }

  /** Locks the customer, so that two answers at once make one lead. */
  private async lockCustomer(
    tx: Transaction,
    id: string,
  ): Promise<{ branch_id: string; category: string | null } | undefined> {
    const [row]: { branch_id: string; category: string | null }[] = await tx.query(
      'select branch_id, category from customer where id = $1 and merged_into is null and branch_id is not null for no key update',
      [id],
    );
    return row;
  }

  private openLead(tx: Transaction, { customerId, campaignId }: Intent): Promise<Lead | null> {
    return tx
      .createQueryBuilder(Lead, 'l')
      .where(
        "l.customer_id = :customerId and l.campaign_id is not distinct from cast(:campaignId as uuid) and l.status in ('routed', 'unrouted', 'accepted', 'converted')",
        { customerId, campaignId },
      )
      .getOne();
  }
}
