import { Column, CreateDateColumn, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { DecimalColumn } from '@quen/chassis';

export const contactRoles = ['user', 'influencer', 'decider', 'buyer', 'gatekeeper'] as const;
/** Part that a person plays in the customer's decision. */
export type ContactRole = (typeof contactRoles)[number];

/** A product that the customer may buy. */
@Entity('opportunity_line')
export class OpportunityLine {
  @PrimaryColumn({ type: 'uuid' }) opportunityId!: string;
  @PrimaryColumn({ type: 'integer' }) line!: number;
  @Column({ type: 'uuid' }) productId!: string;
  @DecimalColumn() quantity!: string;
  @DecimalColumn() unitPrice!: string;
  @DecimalColumn() amount!: string;
}

/** Somebody on the customer's side. */
@Entity('opportunity_contact')
export class OpportunityContact {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) opportunityId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) role!: ContactRole;
  @Column({ type: 'text', nullable: true }) phone!: string | null;
  @Column({ type: 'text', nullable: true }) email!: string | null;
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
}

/** A stay in one stage. */
@Entity('opportunity_stay')
export class OpportunityStay {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id!: string;
  @Column({ type: 'uuid' }) opportunityId!: string;
  @Column({ type: 'text' }) stage!: string;
  @Column({ type: 'timestamptz' }) enteredAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) leftAt!: Date | null;
  @Column({ type: 'text' }) byId!: string;
  /** Why it was won, lost or opened again. */
  @Column({ type: 'text', nullable: true }) reason!: string | null;
}
