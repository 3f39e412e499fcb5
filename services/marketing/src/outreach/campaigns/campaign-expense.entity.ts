import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A cost of a campaign that no message carries. */
@Entity('campaign_expense')
export class CampaignExpense {
  @PrimaryColumn('uuid') id!: string;
  @Column({ type: 'uuid' }) campaignId!: string;
  @Column({ type: 'text' }) description!: string;
  @Column({ type: 'numeric' }) amount!: string;
  @Column({ type: 'date' }) spentOn!: string;
  @Column({ type: 'uuid' }) createdBy!: string;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
}
