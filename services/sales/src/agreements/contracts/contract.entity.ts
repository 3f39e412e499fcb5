import {
  Column,
  CreateDateColumn,
  Entity,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
  VersionColumn,
} from 'typeorm';
import { DecimalColumn } from '@quen/chassis';
import { build, ContractEnded, ContractSigned, ContractState, Money } from '@quen/events';
import { defineProblem } from '@quen/messaging';

export const contractStatuses = ['draft', 'signed', 'ended'] as const;
export type ContractStatus = (typeof contractStatuses)[number];
export const contractEnds = ['expired', 'terminated', 'fulfilled'] as const;
export type ContractEnd = (typeof contractEnds)[number];

export const contractNotDraft = defineProblem('conflict', 'contract_not_draft', {
  en: 'Contract {code} is {status}; only a draft can do this.',
  vi: 'Hợp đồng {code} đang ở trạng thái {status}; chỉ bản nháp mới làm được.',
});
export const contractNotSigned = defineProblem('conflict', 'contract_not_signed', {
  en: 'Contract {code} is {status}; it has to be in force.',
  vi: 'Hợp đồng {code} đang ở trạng thái {status}; cần đang có hiệu lực.',
});
export const contractNotExpired = defineProblem('unprocessable', 'contract_not_expired', {
  en: 'The last day of contract {code} is not over: it is terminated or fulfilled, not expired.',
  vi: 'Hợp đồng {code} chưa tới ngày kết thúc: chỉ có thể chấm dứt hoặc hoàn thành.',
});
export const orderOutsideContract = defineProblem('unprocessable', 'order_outside_contract', {
  en: 'Contract {code} does not hold on {day}.',
  vi: 'Hợp đồng {code} không có hiệu lực vào ngày {day}.',
});
export const contractDates = defineProblem('unprocessable', 'contract_dates', {
  en: 'A contract ends on or after the day on which it starts, and not before it was signed.',
  vi: 'Ngày kết thúc hợp đồng không được trước ngày bắt đầu hoặc ngày ký.',
});

/** What may change while a contract is drafted; null clears. */
export interface ContractFields {
  title?: string;
  terms?: string | null;
  startsOn?: string | null;
  endsOn?: string | null;
}

/** A contract made from an accepted quote, from drafting to its end. */
@Entity('contract')
export class Contract {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) title!: string;
  @Column({ type: 'uuid' }) quoteId!: string;
  @Column({ type: 'uuid', nullable: true }) opportunityId!: string | null;
  @Column({ type: 'uuid', nullable: true }) leadId!: string | null;
  @Column({ type: 'uuid', nullable: true }) campaignId!: string | null;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'uuid' }) branchId!: string;
  @Column({ type: 'uuid' }) ownerId!: string;
  @Column({ type: 'text' }) status!: ContractStatus;
  @Column({ type: 'text', nullable: true }) terms!: string | null;
  @Column({ type: 'char', length: 3 }) currency!: string;
  @DecimalColumn() total!: string;
  @Column({ type: 'date', nullable: true }) startsOn!: string | null;
  @Column({ type: 'date', nullable: true }) endsOn!: string | null;
  @Column({ type: 'date', nullable: true }) signedOn!: string | null;
  /** Who signed for the customer. */
  @Column({ type: 'text', nullable: true }) signedBy!: string | null;
  @Column({ type: 'date', nullable: true }) endedOn!: string | null;
  @Column({ type: 'text', nullable: true }) endedHow!: ContractEnd | null;
  @Column({ type: 'text', nullable: true }) endReason!: string | null;
  @VersionColumn() version!: number;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;

  /** Applies a merge patch to a draft. @throws Problem contract_not_draft, contract_dates */
  change(fields: ContractFields): void {
    this.mustBeDraft();
    Object.assign(this, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
    this.checkDates();
  }

  /** Puts the contract in force. @throws Problem contract_not_draft, contract_dates */
  sign(signedOn: string, signedBy: string, startsOn: string | undefined): ContractSigned {
    this.mustBeDraft();
    this.startsOn = startsOn ?? this.startsOn ?? signedOn;
    this.checkDates();
    if (this.endsOn && this.endsOn < signedOn) throw contractDates();
    this.status = 'signed';
    this.signedOn = signedOn;
    this.signedBy = signedBy;
    return build(ContractSigned, {
      contractId: this.id,
      customerId: this.customerId,
      quoteId: this.quoteId,
      opportunityId: this.opportunityId,
      total: this.money(),
      startsOn: this.startsOn,
      endsOn: this.endsOn,
    });
  }

  /**
   * Whether it can have ended like this on that day. @throws Problem contract_not_signed, contract_dates,
   * contract_not_expired
   */
  mayEnd(how: ContractEnd, endedOn: string): void {
    this.mustBeSigned();
    if (this.signedOn && endedOn < this.signedOn) throw contractDates();
    if (how === 'expired' && (!this.endsOn || endedOn < this.endsOn)) throw contractNotExpired({ code: this.code });
  }

  /** Ends a contract in force. @throws Problem contract_not_signed */
  end(how: ContractEnd, endedOn: string, reason: string | undefined): ContractEnded {
    this.mustBeSigned();
    this.status = 'ended';
    this.endedHow = how;
    this.endedOn = endedOn;
    this.endReason = reason ?? null;
    return build(ContractEnded, { contractId: this.id, customerId: this.customerId, how, reason });
  }

  money(): Money {
    return Money.of(this.total, this.currency);
  }

  state(): ContractState {
    return build(ContractState, {
      contractId: this.id,
      version: this.version,
      code: this.code,
      customerId: this.customerId,
      status: this.status,
      total: this.money(),
      startsOn: this.startsOn,
      endsOn: this.endsOn,
    });
  }

  /** @throws Problem contract_not_signed */
  mustBeSigned(): void {
    if (this.status !== 'signed') throw contractNotSigned({ code: this.code, status: this.status });
  }

  /** @throws Problem contract_not_signed, order_outside_contract */
  mustHoldOn(day: string): void {
    this.mustBeSigned();
    if ((this.startsOn && day < this.startsOn) || (this.endsOn && day > this.endsOn))
      throw orderOutsideContract({ code: this.code, day });
  }

  private mustBeDraft(): void {
    if (this.status !== 'draft') throw contractNotDraft({ code: this.code, status: this.status });
  }

  private checkDates(): void {
    if (this.startsOn && this.endsOn && this.endsOn < this.startsOn) throw contractDates();
  }
}

/** What happened to a contract, and who did it; never changed. */
@Entity('contract_history')
export class ContractHistory {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column({ type: 'uuid' }) contractId!: string;
  @Column({ type: 'text' }) what!: 'drafted' | 'changed' | 'signed' | 'ended';
  @Column({ type: 'jsonb' }) detail!: Record<string, unknown>;
  @Column({ type: 'text', name: 'by_id' }) by!: string;
  @CreateDateColumn({ type: 'timestamptz' }) at!: Date;
}
