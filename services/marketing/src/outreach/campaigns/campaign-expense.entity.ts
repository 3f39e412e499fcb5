import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A cost of a campaign that no message carries. */
@Entity('campaign_expense')
export class CampaignExpense {
  @PrimaryColumn('uuid') id!: string;
  @Column({ name: 'campaign_id', type: 'uuid' }) campaignId!: string;
  @Column({ type: 'text' }) description!: string;
  @Column({ type: 'numeric' }) amount!: string;
  @Column({ name: 'spent_on', type: 'date' }) spentOn!: string;
  @Column({ name: 'created_by', type: 'uuid' }) createdBy!: string;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
}
