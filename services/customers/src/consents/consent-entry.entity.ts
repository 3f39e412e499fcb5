import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ConsentPurpose, ContactChannel } from '@quen/events';

/** One entry of the ledger of consents; entries are added and never changed. */
@Entity('consent_entry')
export class ConsentEntry {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'text' }) purpose!: ConsentPurpose;
  @Column({ type: 'text' }) channel!: ContactChannel;
  @Column({ type: 'boolean' }) given!: boolean;
  @Column({ type: 'text' }) source!: string;
  /** What the customer agreed or objected to, word for word. */
  @Column({ type: 'text' }) wording!: string;
  /** Where the proof is: a file, a call recording, a line of a list. */
  @Column({ type: 'text', nullable: true }) proof!: string | null;
  /** When the customer answered. */
  @Column({ type: 'timestamptz' }) at!: Date;
  /** Nobody knows when; `at` is then when it was recorded. */
  @Column({ type: 'boolean' }) undated!: boolean;
  @Column({ type: 'timestamptz', insert: false }) recordedAt!: Date;
  @Column({ type: 'uuid', nullable: true }) recordedBy!: string | null;
}
