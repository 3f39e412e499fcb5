import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A customer's answer to a message. */
@Entity('response')
export class Response {
  @PrimaryColumn('uuid') id!: string;
  @Column({ name: 'message_id', type: 'uuid' }) messageId!: string;
  @Column({ name: 'campaign_id', type: 'uuid' }) campaignId!: string;
  @Column({ name: 'customer_id', type: 'uuid' }) customerId!: string;
  @Column({ type: 'text' }) via!: 'link' | 'manual' | 'reply';
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @Column({ name: 'created_by', type: 'uuid', nullable: true }) createdBy!: string | null;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
}
