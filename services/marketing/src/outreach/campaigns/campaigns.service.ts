import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  date,
  defineList,
  Every,
  find,
  instant,
  invalid,
  lock,
  momentOf,
  page,
  text,
  uuid,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import { build, MessageRefused, Money } from '@quen/events';
import { defineProblem, Events, newId, type Transaction } from '@quen/messaging';
import { CustomersService } from '../../audience/customers/customers.service.js';
import { Segment } from '../../audience/segments/segments.service.js';
import { MarketingConfig } from '../../marketing.config.js';
import { MailService } from '../mail/mail.service.js';
import { sampleVariables, TemplatesService, type Rendered } from '../templates/templates.service.js';
import { TestSendsService } from '../test-sends/test-sends.service.js';
import { CampaignExpense } from './campaign-expense.entity.js';
import { fillingOf } from './campaign-filling.value.js';
import { Campaign, campaignStatuses } from './campaign.entity.js';
import type { ChangeCampaign, CreateCampaign, ExpenseView, RecordExpense, TestSendCampaign } from './campaigns.dto.js';

export { Campaign };

const codeTaken = defineProblem('conflict', 'campaign_code_taken', {
  en: 'There is a campaign {code} already.',
  vi: 'Đã có chiến dịch {code}.',
});
const branchRequired = defineProblem('unprocessable', 'branch_required', {
  en: 'Name the branch: you belong to none, and the tree of branches is not known here yet.',
  vi: 'Hãy nêu chi nhánh: bạn không thuộc chi nhánh nào và cây chi nhánh chưa có ở đây.',
});
const mailNotTaken = defineProblem('unavailable', 'mail_not_taken', {
  en: 'The mail server did not take the mail: {answer}',
  vi: 'Máy chủ thư không nhận thư: {answer}',
});

export const campaignList = defineList({
  entity: Campaign,
  fields: {
    code: text(),
    name: text(),
    status: choice(campaignStatuses),
    segmentId: uuid(),
    branchId: uuid(),
    startsOn: date(),
    endsOn: date(),
    launchedAt: instant(),
    createdAt: instant(),
  },
  sort: ['code', 'name', 'startsOn', 'endsOn', 'createdAt', 'launchedAt'],
  defaultSort: '-createdAt',
  search: ['code', 'name'],
});

/** A campaign's only step so far; a person gets each step once. */
export const launchStep = 'launch';

/** Campaigns from draft to end. */
@Injectable()
export class CampaignsService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly customers: CustomersService,
    private readonly templates: TemplatesService,
    private readonly tests: TestSendsService,
    private readonly mail: MailService,
    private readonly config: MarketingConfig,
  ) {}

  list(query: ParsedList): Promise<Page<Campaign>> {
    return this.database.read((tx) => page(tx, campaignList, query));
  }

  get(id: string): Promise<Campaign> {
    return this.database.read((tx) => find(tx, Campaign, id));
  }

  /**
   * @throws Problem validation_failed for a template that cannot be rendered or a period that ends before it starts,
   * campaign_code_taken, branch_required
   */
  async create(body: CreateCampaign, by: Principal): Promise<Campaign> {
    await this.templates.check(body.content);
    return this.database.transaction(async (tx) => {
      checkPeriod(body.startsOn, body.endsOn);
      checkMoney(body.planned, body.planned, '/planned');
      const cost = checkMoney(body.planned, body.messageCost ?? Money.zero(body.planned.currency), '/messageCost');
      (await find(tx, Segment, body.segmentId)).mustBeActive();
      await this.mustBeFree(body.code);
      const campaign = Campaign.draft(
        {
          code: body.code,
          name: body.name,
          description: body.description ?? null,
          segmentId: body.segmentId,
          branchId: await this.branchOf(tx, body.branchId ?? by.branchId),
          ownerId: by.subject,
          startsOn: body.startsOn,
          endsOn: body.endsOn,
          planned: body.planned,
          messageCost: cost.amount,
          content: body.content,
          landingUrl: body.landingUrl ?? null,
        },
        momentOf(tx).at,
      );
      await tx.save(campaign);
      await this.events.publish(tx, { version: campaign.stateVersion }, campaign.state());
      return campaign;
    });
  }

  /**
   * Changes a draft; of a running campaign only name, description, end, budget and landing page. @throws Problem
   * campaign_not_draft, budget_exceeded
   */
  async change(id: string, version: number, body: ChangeCampaign): Promise<Campaign> {
    if (body.content) await this.templates.check(body.content);
    return this.saved(id, version, async (campaign, tx) => {
      checkPeriod(body.startsOn ?? campaign.startsOn, body.endsOn ?? campaign.endsOn);
      const own = Money.zero(campaign.currency);
      if (body.planned) checkMoney(own, body.planned, '/planned');
      if (body.messageCost) checkMoney(own, body.messageCost, '/messageCost');
      if (body.segmentId) (await find(tx, Segment, body.segmentId)).mustBeActive();
      if (body.code !== undefined && body.code !== campaign.code) await this.mustBeFree(body.code);
      campaign.rewrite({
        code: body.code,
        segmentId: body.segmentId,
        content: body.content,
        startsOn: body.startsOn,
        messageCost: body.messageCost?.amount,
      });
      campaign.adjust({
        name: body.name,
        description: body.description,
        endsOn: body.endsOn,
        landingUrl: body.landingUrl,
        planned: body.planned,
      });
    });
  }

  /**
   * Makes one message for each member of the segment whom the caller reaches, and lets the sender begin. @throws
   * Problem as {@link Campaign.launch}
   */
  launch(id: string, version: number): Promise<Campaign> {
    return this.saved(id, version, async (campaign, tx) => {
      (await find(tx, Segment, campaign.segmentId)).mustBeActive();
      const [added]: { n: string }[] = await tx.query(
        `
        with added as (
          insert into message (campaign_id, step, customer_id, channel, due_at)
          select $1, $2, c.id, $3, greatest(now(), quen_midnight($4::date))
          from segment_membership m join customer c on c.id = m.customer_id
          where m.segment_id = $5 and m.member
          on conflict (campaign_id, step, customer_id) do nothing returning 1)
        select count(*) as n from added`,
        [id, launchStep, campaign.channel, campaign.startsOn, campaign.segmentId],
      );
      const at = momentOf(tx).at;
      return [campaign.launch(Number(added?.n), momentOf(tx).today, at)];
    });
  }

  pause(id: string, version: number): Promise<Campaign> {
    return this.saved(id, version, (campaign) => campaign.pause());
  }

  resume(id: string, version: number): Promise<Campaign> {
    return this.saved(id, version, (campaign) => campaign.resume());
  }

  /** Ends a campaign; messages that wait are refused with `campaign_ended`. */
  end(id: string, version: number): Promise<Campaign> {
    return this.saved(id, version, (campaign, tx) => this.finish(tx, campaign));
  }

  /** Books a cost that no message carries. @throws Problem budget_exceeded */
  recordExpense(id: string, body: RecordExpense, by: Principal): Promise<ShownAs<ExpenseView>> {
    return this.database.transaction(async (tx) => {
      const campaign = await lock(tx, Campaign, id);
      const amount = checkMoney(Money.zero(campaign.currency), body.amount, '/amount');
      campaign.spend(amount);
      await this.save(tx, campaign);
      const expense = await tx.save(
        Object.assign(new CampaignExpense(), {
          id: newId(),
          campaignId: id,
          description: body.description,
          amount: amount.amount,
          spentOn: body.spentOn,
          createdBy: by.subject,
        }),
      );
      return { ...expense, currency: campaign.currency };
    });
  }

  expenses(id: string): Promise<ShownAs<ExpenseView>[]> {
    return this.database.read(async (tx) => {
      const { currency } = await find(tx, Campaign, id);
      const found = await tx.find(CampaignExpense, {
        where: { campaignId: id },
        order: { createdAt: 'ASC' },
        take: 500,
      });
      return found.map((expense) => ({ ...expense, currency }));
    });
  }

  /**
   * The message as a customer would get it; its links lead nowhere. @throws Problem template_failed, template_too_slow,
   * template_too_large
   */
  async preview(id: string, customerId: string): Promise<Rendered> {
    const filling = await this.database.read(async (tx) =>
      fillingOf(await find(tx, Campaign, id), await this.customers.get(tx, customerId), sampleVariables.links),
    );
    return this.templates.fill(filling);
  }

  /**
   * Sends the preview to an address of the firm's own, marked as a test. @throws Problem test_recipient_foreign,
   * test_sends_exhausted, mail_not_taken, and as {@link preview}
   */
  async testSend(id: string, body: TestSendCampaign, by: Principal): Promise<Rendered> {
    const rendered = await this.preview(id, body.customerId);
    await this.tests.admit(id, body.to, by);
    const outcome = await this.mail.send({
      ...rendered,
      id: newId(),
      subject: `[TEST] ${rendered.subject}`,
      to: body.to,
      toName: '',
      headers: {},
    });
    if (outcome.kind !== 'accepted') throw mailNotTaken({ answer: outcome.answer });
    return rendered;
  }

  /**
   * Holds a running campaign back, whose message cannot be filled in time: each try costs what others' messages wait
   * for.
   */
  async holdBack(tx: Transaction, id: string): Promise<void> {
    const campaign = await lock(tx, Campaign, id);
    if (campaign.status !== 'running') return;
    campaign.pause();
    await this.save(tx, campaign);
  }

  /**
   * Books the cost of messages that went out, in the sender's transaction, and publishes the budget. Leaves the ETag
   * alone.
   */
  async bookMessages(tx: Transaction, id: string, count: number): Promise<Money> {
    const campaign = await lock(tx, Campaign, id);
    const cost = campaign.money(campaign.messageCost);
    const spent = campaign.money(campaign.spent).plus(cost.times(count));
    const committed =
      spent.compareTo(campaign.money(campaign.committed)) > 0 ? spent : campaign.money(campaign.committed);
    Object.assign(campaign, {
      spent: spent.amount,
      committed: committed.amount,
      stateVersion: campaign.stateVersion + 1,
    });
    await tx.query('update campaign set spent = $2, committed = $3, state_version = $4 where id = $1', [
      id,
      campaign.spent,
      campaign.committed,
      campaign.stateVersion,
    ]);
    await this.events.publish(tx, { version: campaign.stateVersion }, campaign.state());
    return cost;
  }

  /** Ends campaigns whose last day is over. */
  @Every('PT1M', 'campaign-calendar')
  async endOverdue(): Promise<void> {
    await this.database.elevated(async (tx) => {
      const due: { id: string }[] = await tx.query(
        "select id from campaign where status in ('running', 'paused') and ends_on < quen_today() order by ends_on limit 20",
      );
      for (const { id } of due) {
        const campaign = await lock(tx, Campaign, id);
        await this.finish(tx, campaign);
        await this.save(tx, campaign);
      }
    });
  }

  private async finish(tx: Transaction, campaign: Campaign): Promise<void> {
    campaign.end(momentOf(tx).at);
    const [refused]: [{ id: string; version: number; customer_id: string }[], number] = await tx.query(
      "update message set status = 'refused', reason = 'campaign_ended', version = version + 1 where campaign_id = $1 and status = 'queued' returning id, version, customer_id",
      [campaign.id],
    );
    for (let from = 0; from < refused.length; from += 1000) {
      await this.events.publishAll(
        tx,
        refused.slice(from, from + 1000).map((message) => ({
          aggregate: { version: message.version },
          messages: [
            build(MessageRefused, {
              messageId: message.id,
              campaignId: campaign.id,
              customerId: message.customer_id,
              channel: campaign.channel,
              reason: 'campaign_ended',
            }),
          ],
        })),
      );
    }
  }

  private saved(
    id: string,
    version: number,
    act: (campaign: Campaign, tx: Transaction) => Promise<object[] | void> | void,
  ): Promise<Campaign> {
    return this.database.transaction(async (tx) => {
      const campaign = await lock(tx, Campaign, id, version);
      const facts = await act(campaign, tx);
      await this.save(tx, campaign, facts ?? []);
      return campaign;
    });
  }

  private async save(tx: Transaction, campaign: Campaign, facts: object[] = []): Promise<void> {
    campaign.stateVersion += 1;
    campaign.updatedAt = momentOf(tx).at;
    await tx.save(campaign);
    await this.events.publish(tx, { version: campaign.stateVersion }, ...facts, campaign.state());
  }

  private async mustBeFree(code: string): Promise<void> {
    const [taken]: object[] = await this.database.elevated((all) =>
      all.query('select 1 from campaign where code = $1', [code]),
    );
    if (taken) throw codeTaken({ code });
  }

  private async branchOf(tx: Transaction, wanted: string | undefined): Promise<string> {
    if (wanted) return wanted;
    const [root]: { id: string }[] = await tx.query(
      'select id from branch where parent_id is null and active order by code limit 1',
    );
    if (!root) throw branchRequired();
    return root.id;
  }
}

function checkPeriod(startsOn: string, endsOn: string): void {
  if (startsOn > endsOn)
    throw invalid({
      pointer: '/endsOn',
      code: 'before_start',
      message: `must not be before ${startsOn}`,
      vi: `không được trước ${startsOn}`,
    });
}

function checkMoney(budget: Money, amount: Money, pointer: string): Money {
  if (amount.currency !== budget.currency)
    throw invalid({
      pointer: `${pointer}/currency`,
      code: 'other_currency',
      message: `must be ${budget.currency}, the currency of the budget`,
      vi: `phải là ${budget.currency}, loại tiền của ngân sách`,
    });
  return Money.of(amount.amount, amount.currency);
}
