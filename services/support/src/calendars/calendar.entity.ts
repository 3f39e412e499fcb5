import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { Span } from '../working-time.js';

/** When a department works; its holidays are rows of their own. */
@Entity('calendar')
export class Calendar {
  @PrimaryColumn('uuid') id!: string;
  @VersionColumn() version!: number;
  @Column('text') name!: string;
  @Column('text') zone!: string;
  /** Spans of local time by weekday, 1 = Monday. */
  @Column('jsonb') week!: Record<string, Span[]>;
  @Column({ type: 'boolean' }) isDefault!: boolean;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;
}
