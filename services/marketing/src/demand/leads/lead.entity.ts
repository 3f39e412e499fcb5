import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { build, LeadCaptured, LeadRouted, LeadScored, Money, type LeadSource, type Reason } from '@quen/events';
import { newId } from '@quen/messaging';
import type { Route } from './lead-routing.js';
import type { LeadScore } from './lead-score.js';

/** `unrouted`: no channel can take it now. From `accepted` on the seller decides. */
export const leadStatuses = ['routed', 'unrouted', 'accepted', 'converted', 'won', 'lost'] as const;
export type LeadStatus = (typeof leadStatuses)[number];

/** How a lead's step counts for its channel. */
export interface Decided {
  converted: number;
  won: number;
  lost: number;
}

const nothing: Decided = { converted: 0, won: 0, lost: 0 };

/** A customer's interest, until and while a sales channel works it. */
@Entity('lead')
export class Lead {
  @PrimaryColumn('uuid') id!: string;
  @VersionColumn() version!: number;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'text' }) source!: LeadSource;
  @Column({ type: 'uuid', nullable: true }) campaignId!: string | null;
  /** Branch of the customer. */
  @Column({ type: 'uuid' }) branchId!: string;
  /** Seller of the channel that has the lead, if it has one. */
  @Column({ type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ type: 'text', nullable: true }) interest!: string | null;
  /** The customer's category when the lead was captured, by which channels' experience is counted. */
  @Column({ type: 'text' }) category!: string;
  @Column({ type: 'text' }) status!: LeadStatus;
  @Column({ type: 'int' }) score!: number;
  @Column({ type: 'jsonb' }) scoreReasons!: Reason[];
  @Column({ type: 'timestamptz' }) lastIntentAt!: Date;
  @Column({ type: 'timestamptz' }) scoredAt!: Date;
  @Column({ type: 'uuid', nullable: true }) channelId!: string | null;
  @Column({ type: 'timestamptz' }) capturedAt!: Date;
  @Column({ type: 'timestamptz' }) updatedAt!: Date;

  static capture(
    fields: Pick<Lead, 'customerId' | 'source' | 'campaignId' | 'branchId' | 'interest' | 'category'>,
    at: Date,
  ): Lead {
    return Object.assign(new Lead(), fields, {
      id: newId(),
      ownerId: null,
      status: 'unrouted',
      score: 0,
      scoreReasons: [],
      lastIntentAt: at,
      scoredAt: at,
      channelId: null,
      capturedAt: at,
      updatedAt: at,
    });
  }

  captured(): LeadCaptured {
    return build(LeadCaptured, {
      leadId: this.id,
      customerId: this.customerId,
      source: this.source,
      campaignId: this.campaignId ?? undefined,
      branchId: this.branchId,
      interest: this.interest ?? undefined,
    });
  }

  /** Notes a further sign of intent. */
  renew(interest: string | null, at: Date): void {
    this.lastIntentAt = at;
    this.interest = interest ?? this.interest;
  }

  /** Takes a new score; undefined when it is what it was. */
  rate({ score, reasons }: LeadScore, at: Date): LeadScored | undefined {
    const same = this.score === score && this.scoreReasons.length > 0;
    Object.assign(this, { score, scoreReasons: reasons, scoredAt: at, updatedAt: at });
    return same ? undefined : build(LeadScored, { leadId: this.id, customerId: this.customerId, score, reasons });
  }

  /** Goes to a channel. */
  routeTo(
    route: Route,
    channel: { kind: LeadRouted['channel']; ownerId: string | null; currency: string },
    at: Date,
  ): LeadRouted {
    Object.assign(this, { status: 'routed', channelId: route.channel.id, ownerId: channel.ownerId, updatedAt: at });
    return build(LeadRouted, {
      leadId: this.id,
      customerId: this.customerId,
      campaignId: this.campaignId ?? undefined,
      source: this.source,
      channel: channel.kind,
      channelCode: route.channel.code,
      branchId: route.channel.branchId,
      ownerId: channel.ownerId ?? undefined,
      interest: this.interest ?? undefined,
      score: this.score,
      expectedMargin: Money.of(route.expectedMargin, channel.currency),
      reasons: route.reasons,
    });
  }

  /** Comes back from a channel that did not want it; true when the lead was there to come back. */
  comeBack(at: Date): boolean {
    if (this.status !== 'routed' && this.status !== 'accepted') return false;
    Object.assign(this, { status: 'unrouted', channelId: null, ownerId: null, updatedAt: at });
    return true;
  }

  /** A seller took it; true when that is new. */
  accept(ownerId: string, at: Date): boolean {
    if (this.status !== 'routed') return false;
    Object.assign(this, { status: 'accepted', ownerId, updatedAt: at });
    return true;
  }

  /** Another seller has it now; true when that is new. */
  assign(ownerId: string, at: Date): boolean {
    if ((this.status !== 'routed' && this.status !== 'accepted') || this.ownerId === ownerId) return false;
    Object.assign(this, { ownerId, updatedAt: at });
    return true;
  }

  /**
   * It became an opportunity. Facts of two topics may come in either order, so a lead that is decided already stays so.
   */
  convert(at: Date): Decided {
    if (this.status !== 'routed' && this.status !== 'accepted') return nothing;
    Object.assign(this, { status: 'converted', updatedAt: at });
    return { ...nothing, converted: 1 };
  }

  /** Its opportunity was won or lost. */
  decide(status: 'won' | 'lost', at: Date): Decided {
    if (this.status === 'won' || this.status === 'lost') return nothing;
    const converted = this.status === 'converted' ? 0 : 1;
    Object.assign(this, { status, updatedAt: at });
    return { converted, won: status === 'won' ? 1 : 0, lost: status === 'lost' ? 1 : 0 };
  }

  /** Its opportunity, which was lost, is worked on again: the loss no longer counts. */
  reopen(at: Date): Decided {
    if (this.status !== 'lost') return nothing;
    Object.assign(this, { status: 'converted', updatedAt: at });
    return { ...nothing, lost: -1 };
  }
}
