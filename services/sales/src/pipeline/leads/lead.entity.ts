import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import { DecimalColumn } from '@quen/chassis';
import {
  build,
  LeadAccepted,
  LeadAssigned,
  LeadConverted,
  LeadDeclined,
  type LeadSource,
  type Reason,
  type SalesChannel,
} from '@quen/events';
import { defineProblem } from '@quen/messaging';

export const leadStatuses = ['new', 'accepted', 'declined', 'converted'] as const;
export type LeadStatus = (typeof leadStatuses)[number];

export const leadClosed = defineProblem('conflict', 'lead_closed', {
  en: 'The lead is {status} and can no longer do this.',
  vi: 'Đầu mối đang ở trạng thái {status}, không làm được nữa.',
});
export const leadNotAccepted = defineProblem('conflict', 'lead_not_accepted', {
  en: 'Accept the lead first.',
  vi: 'Hãy nhận đầu mối trước.',
});

/** A lead that marketing routed to a sales channel, as it is worked there. Its id is the one marketing gave it. */
@Entity('lead')
export class Lead {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'uuid', nullable: true }) campaignId!: string | null;
  @Column({ type: 'text' }) source!: LeadSource;
  @Column({ type: 'text' }) channel!: SalesChannel;
  @Column({ type: 'text' }) channelCode!: string;
  @Column({ type: 'uuid' }) branchId!: string;
  @Column({ type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ type: 'text', nullable: true }) interest!: string | null;
  @Column({ type: 'integer' }) score!: number;
  @DecimalColumn() expectedMargin!: string;
  @Column({ type: 'char', length: 3 }) currency!: string;
  @Column({ type: 'jsonb' }) reasons!: Reason[];
  @Column({ type: 'text' }) status!: LeadStatus;
  @Column({ type: 'timestamptz' }) routedAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) acceptedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) firstResponseAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) declinedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) declineReason!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) convertedAt!: Date | null;
  @Column({ type: 'uuid', nullable: true }) opportunityId!: string | null;
  @Column({ type: 'bigint' }) sourceVersion!: string;
  @VersionColumn() version!: number;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;

  /** The seller takes the lead on. @throws Problem lead_closed */
  accept(by: string, at: Date): LeadAccepted {
    if (this.status !== 'new') throw leadClosed({ status: this.status });
    this.status = 'accepted';
    this.ownerId = by;
    this.acceptedAt = at;
    return build(LeadAccepted, { leadId: this.id, customerId: this.customerId, ownerId: by });
  }

  /** Another seller gets the lead, to accept it or to go on with it. @throws Problem lead_closed */
  assign(to: string, reason: string | undefined): LeadAssigned {
    if (this.status !== 'new' && this.status !== 'accepted') throw leadClosed({ status: this.status });
    const previousOwnerId = this.ownerId;
    this.ownerId = to;
    return build(LeadAssigned, { leadId: this.id, customerId: this.customerId, ownerId: to, previousOwnerId, reason });
  }

  /** Gives the lead back, so that marketing may route it elsewhere. @throws Problem lead_closed */
  decline(reason: string, at: Date): LeadDeclined {
    if (this.status !== 'new' && this.status !== 'accepted') throw leadClosed({ status: this.status });
    this.status = 'declined';
    this.declinedAt = at;
    this.declineReason = reason;
    return build(LeadDeclined, { leadId: this.id, customerId: this.customerId, reason });
  }

  /** Notes the first time that somebody got in touch. @returns whether it was the first. @throws Problem lead_closed */
  approached(at: Date): boolean {
    if (this.status === 'declined') throw leadClosed({ status: this.status });
    if (this.firstResponseAt) return false;
    this.firstResponseAt = at;
    return true;
  }

  /**
   * Ties the lead to the opportunity that came of it; the lead is kept. @throws Problem lead_not_accepted, lead_closed
   */
  convert(opportunityId: string, at: Date): LeadConverted {
    this.mustBeAccepted();
    this.status = 'converted';
    this.opportunityId = opportunityId;
    this.convertedAt = at;
    return build(LeadConverted, {
      leadId: this.id,
      customerId: this.customerId,
      opportunityId,
      campaignId: this.campaignId,
    });
  }

  /** @throws Problem lead_not_accepted, lead_closed */
  mustBeAccepted(): void {
    if (this.status === 'new') throw leadNotAccepted();
    if (this.status !== 'accepted') throw leadClosed({ status: this.status });
  }

  /** Minutes from routing to the first approach; null while nobody has been in touch. */
  firstResponseMinutes(): number | null {
    return (
      this.firstResponseAt &&
      Math.max(0, Math.round((this.firstResponseAt.getTime() - this.routedAt.getTime()) / 60_000))
    );
  }
}
