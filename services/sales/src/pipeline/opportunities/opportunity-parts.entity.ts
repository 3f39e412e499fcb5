import { Column, CreateDateColumn, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { decimal } from '../../columns/decimal.column.js';

export const contactRoles = ['user', 'influencer', 'decider', 'buyer', 'gatekeeper'] as const;
/** Part that a person plays in the customer's decision. */
export type ContactRole = (typeof contactRoles)[number];

/** A product that the customer may buy. */
@Entity('opportunity_line')
export class OpportunityLine {
  @PrimaryColumn({ name: 'opportunity_id', type: 'uuid' }) opportunityId!: string;
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @Column({ name: 'product_id', type: 'uuid' }) productId!: string;
  @Column(decimal('quantity')) quantity!: string;
  @Column(decimal('unit_price')) unitPrice!: string;
  @Column(decimal('amount')) amount!: string;
}

/** Somebody on the customer's side. */
@Entity('opportunity_contact')
export class OpportunityContact {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ name: 'opportunity_id', type: 'uuid' }) opportunityId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) role!: ContactRole;
  @Column({ type: 'text', nullable: true }) phone!: string | null;
  @Column({ type: 'text', nullable: true }) email!: string | null;
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
}

/** A stay in one stage. */
@Entity('opportunity_stay')
export class OpportunityStay {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column({ name: 'opportunity_id', type: 'uuid' }) opportunityId!: string;
  @Column({ type: 'text' }) stage!: string;
  @Column({ name: 'entered_at', type: 'timestamptz' }) enteredAt!: Date;
  @Column({ name: 'left_at', type: 'timestamptz', nullable: true }) leftAt!: Date | null;
  @Column({ name: 'by_id', type: 'text' }) byId!: string;
  /** Why it was won, lost or opened again. */
  @Column({ type: 'text', nullable: true }) reason!: string | null;
}
