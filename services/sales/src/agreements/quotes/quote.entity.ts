import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import { DecimalColumn } from '@quen/chassis';
import { build, Money, QuoteAccepted, QuoteIssued, QuoteRefused } from '@quen/events';
import { defineProblem, newId } from '@quen/messaging';

export const quoteStatuses = ['draft', 'issued', 'accepted', 'refused', 'superseded'] as const;
export type QuoteStatus = (typeof quoteStatuses)[number];

export const quoteNotDraft = defineProblem('conflict', 'quote_not_draft', {
  en: 'Quote {code} revision {revision} is {status}; make a new revision instead.',
  vi: 'Báo giá {code} bản {revision} đang ở trạng thái {status}; hãy lập bản mới.',
});
export const quoteNotIssued = defineProblem('conflict', 'quote_not_issued', {
  en: 'Quote {code} revision {revision} is {status}; only an issued one is accepted or refused.',
  vi: 'Báo giá {code} bản {revision} đang ở trạng thái {status}; chỉ bản đã phát hành mới được chấp nhận hoặc từ chối.',
});
export const quoteExpired = defineProblem('conflict', 'quote_expired', {
  en: 'Quote {code} was valid until {validUntil}; make a new revision.',
  vi: 'Báo giá {code} có hiệu lực đến {validUntil}; hãy lập bản mới.',
});
export const quoteWithoutLines = defineProblem('unprocessable', 'quote_without_lines', {
  en: 'A quote needs at least one line.',
  vi: 'Báo giá cần ít nhất một dòng.',
});
export const quoteStillDraft = defineProblem('conflict', 'quote_still_draft', {
  en: 'Quote {code} revision {revision} is a draft: change it instead of revising it.',
  vi: 'Báo giá {code} bản {revision} còn là bản nháp: hãy sửa trực tiếp.',
});
export const quoteNotAccepted = defineProblem('conflict', 'quote_not_accepted', {
  en: 'Quote {code} revision {revision} is {status}; the customer has to accept it first.',
  vi: 'Báo giá {code} bản {revision} đang ở trạng thái {status}; khách hàng cần chấp nhận trước.',
});

export const quoteSold = defineProblem('conflict', 'quote_sold', {
  en: 'Quote {code} was sold already, by {document}.',
  vi: 'Báo giá {code} đã được bán theo {document}.',
});
export const quoteAcceptedBefore = defineProblem('conflict', 'quote_accepted_before', {
  en: 'Revision {revision} of quote {code} was accepted: make a new quote for what the customer wants beyond it.',
  vi: 'Bản {revision} của báo giá {code} đã được chấp nhận: hãy lập báo giá mới cho phần phát sinh.',
});
export const validUntilPast = defineProblem('unprocessable', 'valid_until_past', {
  en: 'The last day of the quote, {validUntil}, is over.',
  vi: 'Ngày hết hạn của báo giá, {validUntil}, đã qua.',
});

/** Terms that may change while the quote is a draft; null clears. */
export interface QuoteTerms {
  paymentTerms?: string | null;
  deliveryTerms?: string | null;
  validUntil?: string | null;
  discountPercent?: string;
}

/** An offer to a customer. Once issued it never changes; another offer is another revision under the same code. */
@Entity('quote')
export class Quote {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'integer' }) revision!: number;
  @Column({ type: 'uuid', nullable: true }) previousId!: string | null;
  @Column({ type: 'uuid', nullable: true }) opportunityId!: string | null;
  @Column({ type: 'uuid', nullable: true }) leadId!: string | null;
  @Column({ type: 'uuid', nullable: true }) campaignId!: string | null;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'uuid' }) branchId!: string;
  @Column({ type: 'uuid' }) ownerId!: string;
  @Column({ type: 'text' }) status!: QuoteStatus;
  /** Day of the price books that it was priced from. */
  @Column({ type: 'date' }) pricedOn!: string;
  @Column({ type: 'char', length: 3 }) currency!: string;
  @DecimalColumn() discountPercent!: string;
  /**
   * The largest discount, in per cent, that those who priced it as it stands may give; whoever issues it may add their
   * own right.
   */
  @DecimalColumn() discountCleared!: string;
  @DecimalColumn() total!: string;
  @Column({ type: 'text', nullable: true }) paymentTerms!: string | null;
  @Column({ type: 'text', nullable: true }) deliveryTerms!: string | null;
  @Column({ type: 'date', nullable: true }) validUntil!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) issuedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) decidedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) refuseReason!: string | null;
  @VersionColumn() version!: number;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;

  /** Applies a merge patch of the terms. @throws Problem quote_not_draft */
  change(terms: QuoteTerms): void {
    this.mustBeDraft();
    Object.assign(this, Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined)));
  }

  /** @throws Problem quote_not_draft, quote_without_lines, quote_expired */
  issue(lines: number, at: Date, today: string): QuoteIssued {
    this.mustBeDraft();
    if (!lines) throw quoteWithoutLines();
    this.mustBeValid(today);
    this.status = 'issued';
    this.issuedAt = at;
    return build(QuoteIssued, {
      quoteId: this.id,
      customerId: this.customerId,
      opportunityId: this.opportunityId,
      total: this.money(),
      validUntil: this.validUntil,
    });
  }

  /** The customer says yes. @throws Problem quote_not_issued, quote_expired */
  accept(at: Date, today: string): QuoteAccepted {
    this.mustBeIssued();
    this.mustBeValid(today);
    this.status = 'accepted';
    this.decidedAt = at;
    return build(QuoteAccepted, { quoteId: this.id, customerId: this.customerId, opportunityId: this.opportunityId });
  }

  /** The customer says no. @throws Problem quote_not_issued */
  refuse(reason: string, at: Date): QuoteRefused {
    this.mustBeIssued();
    this.status = 'refused';
    this.decidedAt = at;
    this.refuseReason = reason;
    return build(QuoteRefused, {
      quoteId: this.id,
      customerId: this.customerId,
      opportunityId: this.opportunityId,
      reason,
    });
  }

  /** A new draft with the same code and terms. @throws Problem quote_still_draft */
  revise(revision: number): Quote {
    if (this.status === 'draft') throw quoteStillDraft({ code: this.code, revision: this.revision });
    const { version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...fields } = this;
    return Object.assign(new Quote(), fields, {
      id: newId(),
      revision,
      previousId: this.id,
      status: 'draft' as const,
      issuedAt: null,
      decidedAt: null,
      refuseReason: null,
    });
  }

  /** Gives way to a newer revision that was issued. */
  supersede(): void {
    if (this.status === 'issued') this.status = 'superseded';
  }

  money(): Money {
    return Money.of(this.total, this.currency);
  }

  /** @throws Problem quote_not_accepted */
  mustBeAccepted(): void {
    if (this.status !== 'accepted') throw quoteNotAccepted(this.named());
  }

  /** @throws Problem quote_not_draft */
  mustBeDraft(): void {
    if (this.status !== 'draft') throw quoteNotDraft(this.named());
  }

  private mustBeIssued(): void {
    if (this.status !== 'issued') throw quoteNotIssued(this.named());
  }

  private mustBeValid(today: string): void {
    if (this.validUntil && this.validUntil < today)
      throw quoteExpired({ code: this.code, validUntil: this.validUntil });
  }

  private named(): { code: string; revision: number; status: string } {
    return { code: this.code, revision: this.revision, status: this.status };
  }
}
