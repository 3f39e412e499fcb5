import type { ContactChannel } from '@quen/events';
import { newId } from '@quen/messaging';
import { Column, CreateDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

export const suppressionOrigins = ['manual', 'unsubscribe', 'bounce'] as const;
export type SuppressionOrigin = (typeof suppressionOrigins)[number];

/** A customer or an address that gets no advertising on a channel, whatever consent says. */
@Entity('suppression')
export class Suppression {
  @PrimaryColumn('uuid') id!: string;
  @VersionColumn() version!: number;
  @Column({ name: 'customer_id', type: 'uuid', nullable: true }) customerId!: string | null;
  /** Email address in lower case, or phone number in E.164. */
  @Column({ type: 'text', nullable: true }) address!: string | null;
  @Column({ type: 'text' }) channel!: ContactChannel;
  @Column({ type: 'text' }) reason!: string;
  @Column({ type: 'text' }) origin!: SuppressionOrigin;
  @Column({ name: 'created_by', type: 'text', nullable: true }) createdBy!: string | null;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;

  static of(fields: { customerId?: string | null; address?: string | null; channel: ContactChannel; reason: string; origin: SuppressionOrigin; createdBy?: string | null }): Suppression {
    return Object.assign(new Suppression(), {
      id: newId(), customerId: fields.customerId ?? null, address: fields.address?.trim().toLowerCase() ?? null, channel: fields.channel,
      reason: fields.reason, origin: fields.origin, createdBy: fields.createdBy ?? null,
    });
  }
}
