import { Column, CreateDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import type { ContactChannel } from '@quen/events';
import { newId } from '@quen/messaging';

export const suppressionOrigins = ['manual', 'unsubscribe', 'bounce'] as const;
export type SuppressionOrigin = (typeof suppressionOrigins)[number];

/** Who is suppressed, where and why. */
export interface SuppressionFields {
  customerId: string | null;
  /** As kept: see `normalAddress`. */
  address: string | null;
  channel: ContactChannel;
  reason: string;
  origin: SuppressionOrigin;
  createdBy: string | null;
}

/**
 * A customer or an address that gets no advertising on a channel, whatever consent says. It covers every address of the
 * customer, for each record
 * that has one of them. One that was lifted stays as the record of who lifted it and when.
 */
@Entity('suppression')
export class Suppression {
  @PrimaryColumn('uuid') id!: string;
  @VersionColumn() version!: number;
  @Column({ type: 'uuid', nullable: true }) customerId!: string | null;
  /**
   * The address that was named or mailed, else the customer's first; null when there is none, or the customer was
   * erased.
   */
  @Column({ type: 'text', nullable: true }) address!: string | null;
  @Column({ type: 'text' }) channel!: ContactChannel;
  @Column({ type: 'text' }) reason!: string;
  @Column({ type: 'text' }) origin!: SuppressionOrigin;
  @Column({ type: 'text', nullable: true }) createdBy!: string | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) liftedAt!: Date | null;
  @Column({ type: 'uuid', nullable: true }) liftedBy!: string | null;

  static of(fields: SuppressionFields): Suppression {
    return Object.assign(new Suppression(), { id: newId(), ...fields, liftedAt: null, liftedBy: null });
  }

  /** Lets advertising through again; consent still has to be there. */
  lift(by: string, at: Date): void {
    Object.assign(this, { liftedBy: by, liftedAt: at });
  }
}
