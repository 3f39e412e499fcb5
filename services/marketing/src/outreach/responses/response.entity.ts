import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A customer's answer to a message. */
@Entity('response')
export class Response {
  @PrimaryColumn('uuid') id!: string;
  @Column({ type: 'uuid' }) messageId!: string;
  @Column({ type: 'uuid' }) campaignId!: string;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'text' }) via!: 'link' | 'manual' | 'reply';
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @Column({ type: 'uuid', nullable: true }) createdBy!: string | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
}
