import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ContactChannel } from '@quen/events';

/**
 * `sending`: claimed by a worker; `unconfirmed`: the connection or the worker broke twice while the mail was handed
 * over, so that nobody
 * knows whether it arrived, and it is not sent a third time.
 */
export const messageStatuses = ['queued', 'sending', 'sent', 'refused', 'unconfirmed'] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** One step of a campaign for one person. Written in bulk by launch and sender. */
@Entity('message')
export class Message {
  @PrimaryColumn('uuid') id!: string;
  @Column({ type: 'int' }) version!: number;
  @Column({ type: 'uuid' }) campaignId!: string;
  @Column({ type: 'text' }) step!: string;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'text' }) channel!: ContactChannel;
  /** Where it went, or was to go; null before. */
  @Column({ type: 'text', nullable: true }) address!: string | null;
  @Column({ type: 'text' }) status!: MessageStatus;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'int' }) attempts!: number;
  @Column({ type: 'timestamptz' }) dueAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) sentAt!: Date | null;
  @Column({ type: 'text', nullable: true }) providerAnswer!: string | null;
  /** When its reader unsubscribed by its link. */
  @Column({ type: 'timestamptz', nullable: true }) unsubscribedAt!: Date | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
}
