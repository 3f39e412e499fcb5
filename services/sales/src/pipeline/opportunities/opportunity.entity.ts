import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import { DecimalColumn } from '@quen/chassis';
import {
  build,
  Money,
  OpportunityLost,
  OpportunityOpened,
  OpportunityReopened,
  OpportunityStageChanged,
  OpportunityState,
  OpportunityWon,
} from '@quen/events';
import { defineProblem, newId } from '@quen/messaging';

export const opportunityStatuses = ['open', 'won', 'lost'] as const;
export type OpportunityStatus = (typeof opportunityStatuses)[number];

export const opportunityClosed = defineProblem('conflict', 'opportunity_closed', {
  en: 'The opportunity is {status} and can no longer change.',
  vi: 'Cơ hội đã {status}, không thay đổi được nữa.',
});
export const opportunityLost = defineProblem('conflict', 'opportunity_lost', {
  en: 'The opportunity was lost: open it again before offering or selling on it.',
  vi: 'Cơ hội đã mất: hãy mở lại trước khi báo giá hoặc bán hàng.',
});
export const opportunityNotLost = defineProblem('conflict', 'opportunity_not_lost', {
  en: 'The opportunity is {status}; only a lost one is opened again.',
  vi: 'Cơ hội đang ở trạng thái {status}; chỉ mở lại được cơ hội đã mất.',
});
export const opportunitySold = defineProblem('conflict', 'opportunity_sold', {
  en: '{document} came of the opportunity: it cannot be lost.',
  vi: 'Cơ hội đã có {document}: không thể ghi là mất.',
});
export const opportunityCurrency = defineProblem('unprocessable', 'opportunity_currency', {
  en: 'There are quotes of the opportunity in {currency}: its amount stays in that currency.',
  vi: 'Cơ hội đã có báo giá bằng {currency}: giá trị phải giữ loại tiền này.',
});
export const amountMissing = defineProblem('unprocessable', 'amount_missing', {
  en: 'An opportunity is won with an amount: give one, or add product lines.',
  vi: 'Cơ hội thành công cần có giá trị: hãy nhập giá trị hoặc thêm dòng sản phẩm.',
});
export const amountFromLines = defineProblem('unprocessable', 'amount_from_lines', {
  en: 'The amount is the sum of the product lines; change those.',
  vi: 'Giá trị là tổng các dòng sản phẩm; hãy sửa các dòng đó.',
});
export const useWinOrLose = defineProblem('unprocessable', 'use_win_or_lose', {
  en: 'Stage {stage} closes the opportunity: use win or lose, which ask for what is needed.',
  vi: 'Giai đoạn {stage} đóng cơ hội: hãy dùng win hoặc lose.',
});

/** A stage as the opportunity needs to know it. */
export interface EnteredStage {
  code: string;
  probability: number;
}

/** What an opportunity begins with. */
export interface OpportunityBeginning {
  name: string;
  customerId: string;
  leadId?: string | null;
  campaignId?: string | null;
  pipelineId: string;
  need?: string | null;
  amount?: Money | null;
  expectedCloseOn?: string | null;
  branchId: string;
  ownerId: string;
}

/** A chance of business with a customer, on its way through the stages of a pipeline. */
@Entity('opportunity')
export class Opportunity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'uuid', nullable: true }) leadId!: string | null;
  @Column({ type: 'uuid', nullable: true }) campaignId!: string | null;
  @Column({ type: 'uuid' }) pipelineId!: string;
  @Column({ type: 'text' }) stage!: string;
  @Column({ type: 'timestamptz' }) stageSince!: Date;
  @Column({ type: 'integer' }) probability!: number;
  @Column({ type: 'text' }) status!: OpportunityStatus;
  @Column({ type: 'text', nullable: true }) need!: string | null;
  @DecimalColumn({ nullable: true }) amount!: string | null;
  @Column({ type: 'char', length: 3 }) currency!: string;
  @Column({ type: 'date', nullable: true }) expectedCloseOn!: string | null;
  @Column({ type: 'uuid' }) branchId!: string;
  @Column({ type: 'uuid' }) ownerId!: string;
  @Column({ type: 'timestamptz', nullable: true }) closedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) closeReason!: string | null;
  @VersionColumn() version!: number;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;

  /** Opens an opportunity in a pipeline's first stage. */
  static open(
    beginning: OpportunityBeginning,
    first: EnteredStage,
    at: Date,
  ): { opportunity: Opportunity; opened: OpportunityOpened } {
    const opportunity = Object.assign(new Opportunity(), {
      id: newId(),
      name: beginning.name,
      customerId: beginning.customerId,
      leadId: beginning.leadId ?? null,
      campaignId: beginning.campaignId ?? null,
      pipelineId: beginning.pipelineId,
      stage: first.code,
      stageSince: at,
      probability: first.probability,
      status: 'open' as const,
      need: beginning.need ?? null,
      amount: beginning.amount?.amount ?? null,
      currency: beginning.amount?.currency ?? 'VND',
      expectedCloseOn: beginning.expectedCloseOn ?? null,
      branchId: beginning.branchId,
      ownerId: beginning.ownerId,
      closedAt: null,
      closeReason: null,
    });
    const opened = build(OpportunityOpened, {
      opportunityId: opportunity.id,
      customerId: opportunity.customerId,
      leadId: opportunity.leadId,
      campaignId: opportunity.campaignId,
      pipelineId: opportunity.pipelineId,
      stage: opportunity.stage,
      branchId: opportunity.branchId,
      ownerId: opportunity.ownerId,
      amount: opportunity.money(),
    });
    return { opportunity, opened };
  }

  /** Applies a merge patch. @throws Problem opportunity_closed, amount_from_lines, opportunity_currency */
  change(
    fields: {
      name?: string;
      need?: string | null;
      amount?: Money | null;
      expectedCloseOn?: string | null;
      ownerId?: string;
      branchId?: string;
    },
    lines: number,
    quotes = 0,
  ): void {
    this.mustBeOpen();
    const { amount, ...others } = fields;
    if (amount !== undefined) {
      if (lines) throw amountFromLines();
      if (quotes && amount && amount.currency !== this.currency) throw opportunityCurrency({ currency: this.currency });
      this.amount = amount?.amount ?? null;
      this.currency = amount?.currency ?? this.currency;
    }
    Object.assign(this, Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)));
  }

  /** Takes the sum of the product lines as amount. @throws Problem opportunity_closed */
  worth(amount: Money | null): void {
    this.mustBeOpen();
    this.amount = amount?.amount ?? null;
    this.currency = amount?.currency ?? this.currency;
  }

  /** Enters a stage that the pipeline admitted. @throws Problem opportunity_closed */
  move(to: EnteredStage, at: Date): OpportunityStageChanged {
    this.mustBeOpen();
    const from = this.stage;
    this.enter(to, at);
    return build(OpportunityStageChanged, { opportunityId: this.id, customerId: this.customerId, from, to: to.code });
  }

  /** Closes as won. @throws Problem opportunity_closed, amount_missing */
  win(stage: EnteredStage, reason: string | undefined, at: Date): OpportunityWon {
    this.mustBeOpen();
    const amount = this.money();
    if (!amount) throw amountMissing();
    this.close('won', stage, reason, at);
    return build(OpportunityWon, {
      opportunityId: this.id,
      customerId: this.customerId,
      ownerId: this.ownerId,
      leadId: this.leadId,
      campaignId: this.campaignId,
      amount,
      reason,
    });
  }

  /** Closes as lost. @throws Problem opportunity_closed */
  lose(stage: EnteredStage, reason: string, at: Date): OpportunityLost {
    this.mustBeOpen();
    this.close('lost', stage, reason, at);
    return build(OpportunityLost, {
      opportunityId: this.id,
      customerId: this.customerId,
      ownerId: this.ownerId,
      leadId: this.leadId,
      campaignId: this.campaignId,
      reason,
    });
  }

  /** Takes a lost opportunity up again where it was lost. @throws Problem opportunity_not_lost */
  reopen(stage: EnteredStage, reason: string, at: Date): OpportunityReopened {
    if (this.status !== 'lost') throw opportunityNotLost({ status: this.status });
    this.status = 'open';
    this.closedAt = null;
    this.closeReason = null;
    this.enter(stage, at);
    return build(OpportunityReopened, {
      opportunityId: this.id,
      customerId: this.customerId,
      ownerId: this.ownerId,
      leadId: this.leadId,
      campaignId: this.campaignId,
      stage: stage.code,
      reason,
    });
  }

  money(): Money | null {
    return this.amount === null ? null : Money.of(this.amount, this.currency);
  }

  state(): OpportunityState {
    return build(OpportunityState, {
      opportunityId: this.id,
      version: this.version,
      customerId: this.customerId,
      name: this.name,
      pipelineId: this.pipelineId,
      stage: this.stage,
      status: this.status,
      amount: this.money(),
      expectedCloseOn: this.expectedCloseOn,
      branchId: this.branchId,
      ownerId: this.ownerId,
    });
  }

  /** @throws Problem opportunity_closed */
  mustBeOpen(): void {
    if (this.status !== 'open') throw opportunityClosed({ status: this.status });
  }

  private close(status: 'won' | 'lost', stage: EnteredStage, reason: string | undefined, at: Date): void {
    this.status = status;
    this.closedAt = at;
    this.closeReason = reason ?? null;
    this.enter(stage, at);
  }

  private enter(stage: EnteredStage, at: Date): void {
    this.stage = stage.code;
    this.stageSince = at;
    this.probability = stage.probability;
  }
}
