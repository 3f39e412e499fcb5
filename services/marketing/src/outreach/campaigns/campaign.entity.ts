import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { build, CampaignLaunched, CampaignState, Money } from '@quen/events';
import { defineProblem, newId } from '@quen/messaging';
import type { Content } from '../templates/templates.service.js';

export const campaignStatuses = ['draft', 'running', 'paused', 'ended'] as const;
export type CampaignStatus = (typeof campaignStatuses)[number];

export const campaignNotDraft = defineProblem('conflict', 'campaign_not_draft', {
  en: 'Campaign {code} is {status}; this can only be done to a draft.',
  vi: 'Chiến dịch {code} đang ở trạng thái {status}; chỉ làm được với bản nháp.',
});
export const campaignStatusConflict = defineProblem('conflict', 'campaign_status_conflict', {
  en: 'Campaign {code} is {status}; {action} is not possible.',
  vi: 'Chiến dịch {code} đang ở trạng thái {status}; không thể {action}.',
});
export const campaignPeriodOver = defineProblem('unprocessable', 'campaign_period_over', {
  en: 'Campaign {code} ended on {endsOn}.',
  vi: 'Chiến dịch {code} đã hết hạn ngày {endsOn}.',
});
export const audienceEmpty = defineProblem('unprocessable', 'audience_empty', {
  en: 'The segment of campaign {code} has no members.',
  vi: 'Phân khúc của chiến dịch {code} không có khách hàng nào.',
});
export const budgetExceeded = defineProblem('unprocessable', 'budget_exceeded', {
  en: '{needed} {currency} would be committed; {planned} {currency} are planned.',
  vi: 'Sẽ phải cam kết {needed} {currency}; ngân sách chỉ có {planned} {currency}.',
});

/** The parts of a draft that people write. */
export interface CampaignFields {
  code: string;
  name: string;
  description: string | null;
  segmentId: string;
  branchId: string;
  ownerId: string;
  startsOn: string;
  endsOn: string;
  planned: Money;
  messageCost: string;
  content: Content;
  landingUrl: string | null;
}

/** An approved message to a segment within a period and a budget. */
@Entity('campaign')
export class Campaign {
  @PrimaryColumn('uuid') id!: string;
  /** What people changed; sending does not move it, so that an ETag stays good while mails go out. */
  @VersionColumn() version!: number;
  /** Counts what is published of the campaign. */
  @Column({ type: 'int' }) stateVersion!: number;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column({ type: 'text' }) status!: CampaignStatus;
  @Column({ type: 'text' }) channel!: 'email';
  @Column({ type: 'uuid' }) segmentId!: string;
  @Column({ type: 'uuid' }) branchId!: string;
  @Column({ type: 'uuid' }) ownerId!: string;
  @Column({ type: 'date' }) startsOn!: string;
  @Column({ type: 'date' }) endsOn!: string;
  @Column({ type: 'text' }) currency!: string;
  @Column({ type: 'numeric' }) planned!: string;
  @Column({ type: 'numeric' }) committed!: string;
  @Column({ type: 'numeric' }) spent!: string;
  /** Cost of one message. */
  @Column({ type: 'numeric' }) messageCost!: string;
  @Column({ type: 'jsonb' }) content!: Content;
  /** Where the link in the message leads, once the answer is noted. */
  @Column({ type: 'text', nullable: true }) landingUrl!: string | null;
  /** Members of the segment at launch. */
  @Column({ type: 'int', nullable: true }) audience!: number | null;
  @Column({ type: 'timestamptz', nullable: true }) launchedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) endedAt!: Date | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz' }) updatedAt!: Date;

  static draft({ planned, ...fields }: CampaignFields, at: Date): Campaign {
    return Object.assign(new Campaign(), fields, {
      id: newId(),
      stateVersion: 1,
      status: 'draft',
      channel: 'email',
      currency: planned.currency,
      planned: planned.amount,
      committed: '0',
      spent: '0',
      audience: null,
      launchedAt: null,
      endedAt: null,
      createdAt: at,
      updatedAt: at,
    });
  }

  /**
   * Changes what the campaign says, to whom and at what cost; only before launch. @throws Problem campaign_not_draft
   */
  rewrite(fields: Partial<Pick<CampaignFields, 'segmentId' | 'content' | 'startsOn' | 'messageCost' | 'code'>>): void {
    if (Object.values(fields).every((value) => value === undefined)) return;
    if (this.status !== 'draft') throw campaignNotDraft({ code: this.code, status: this.status });
    assignDefined(this, fields);
  }

  /** Changes what may change at any time before the end. @throws Problem campaign_status_conflict, budget_exceeded */
  adjust(fields: {
    name?: string;
    description?: string | null;
    endsOn?: string;
    landingUrl?: string | null;
    planned?: Money;
  }): void {
    this.mustNotBeEnded('change');
    const { planned, ...rest } = fields;
    assignDefined(this, rest);
    if (planned) {
      this.planned = planned.amount;
      this.mustAfford(this.money(this.committed));
    }
  }

  /**
   * Begins sending to so many people: the cost of their messages is committed.
   * @throws Problem campaign_not_draft, campaign_period_over, audience_empty, budget_exceeded
   */
  launch(audience: number, today: string, at: Date): CampaignLaunched {
    if (this.status !== 'draft') throw campaignNotDraft({ code: this.code, status: this.status });
    if (today > this.endsOn) throw campaignPeriodOver({ code: this.code, endsOn: this.endsOn });
    if (audience === 0) throw audienceEmpty({ code: this.code });
    const needed = this.money(this.committed).plus(this.money(this.messageCost).times(audience));
    this.mustAfford(needed);
    this.status = 'running';
    this.committed = needed.amount;
    this.audience = audience;
    this.launchedAt = at;
    return build(CampaignLaunched, { campaignId: this.id, segmentId: this.segmentId, audience });
  }

  /** Holds messages back until the campaign is resumed. @throws Problem campaign_status_conflict */
  pause(): void {
    if (this.status !== 'running')
      throw campaignStatusConflict({ code: this.code, status: this.status, action: 'pause' });
    this.status = 'paused';
  }

  /** @throws Problem campaign_status_conflict */
  resume(): void {
    if (this.status !== 'paused')
      throw campaignStatusConflict({ code: this.code, status: this.status, action: 'resume' });
    this.status = 'running';
  }

  /** Ends the campaign; what was committed and not spent is free again. @throws Problem campaign_status_conflict */
  end(at: Date): void {
    if (this.status !== 'running' && this.status !== 'paused')
      throw campaignStatusConflict({ code: this.code, status: this.status, action: 'end' });
    this.status = 'ended';
    this.endedAt = at;
    this.committed = this.spent;
  }

  /**
   * Books a cost that no message carries, such as a hall or print. @throws Problem campaign_status_conflict,
   * budget_exceeded
   */
  spend(amount: Money): void {
    this.mustNotBeEnded('spend');
    const needed = this.money(this.committed).plus(amount);
    this.mustAfford(needed);
    this.committed = needed.amount;
    this.spent = this.money(this.spent).plus(amount).amount;
  }

  money(amount: string): Money {
    return Money.of(amount, this.currency);
  }

  /** What the state topic says of it now. */
  state(): CampaignState {
    return build(CampaignState, {
      campaignId: this.id,
      version: this.stateVersion,
      code: this.code,
      name: this.name,
      status: this.status,
      branchId: this.branchId,
      planned: this.money(this.planned),
      committed: this.money(this.committed),
      spent: this.money(this.spent),
      launchedAt: this.launchedAt?.toISOString(),
    });
  }

  private mustAfford(needed: Money): void {
    if (needed.compareTo(this.money(this.planned)) > 0)
      throw budgetExceeded({
        needed: needed.amount,
        planned: this.money(this.planned).amount,
        currency: this.currency,
      });
  }

  private mustNotBeEnded(action: string): void {
    if (this.status === 'ended') throw campaignStatusConflict({ code: this.code, status: this.status, action });
  }
}

function assignDefined(target: object, fields: object): void {
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) Object.assign(target, { [name]: value });
}
