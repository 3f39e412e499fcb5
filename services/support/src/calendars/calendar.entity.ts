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
  @Column({ name: 'is_default', type: 'boolean' }) isDefault!: boolean;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;
}
