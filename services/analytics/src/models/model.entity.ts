import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LifetimeModel } from './lifetime-value.js';

/** A model of lifetime value as it was fitted; never changed afterwards. */
@Entity('lifetime_model')
export class FittedModel {
  @PrimaryColumn({ type: 'int' }) version!: number;
  @Column({ type: 'jsonb' }) parameters!: LifetimeModel;
  /** Buyers to whose history it was fitted; 0 for the one that Quen comes with. */
  @Column({ type: 'int' }) customers!: number;
  /** End of observation: the facts up to this day; `-infinity` for the one that Quen comes with. */
  @Column({ type: 'date' }) asOf!: string;
  /** Purchases of all buyers, by which it is known whether anything has changed since. */
  @Column({ type: 'bigint' }) purchases!: string;
  /** What they came to, in the reporting currency. */
  @Column({ type: 'numeric' }) revenue!: string;
  @Column({ type: 'timestamptz' }) fittedAt!: Date;
}
