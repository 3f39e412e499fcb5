import {
  Column,
  CreateDateColumn,
  Entity,
  PrimaryColumn,
  UpdateDateColumn,
  VersionColumn,
  type PrimaryColumnOptions,
} from 'typeorm';
import { newId } from '@quen/messaging';
import { decimal } from '../../columns/decimal.column.js';

/** What may be said of a price book; null clears. */
export interface PriceBookFields {
  name?: string;
  validFrom?: string;
  validTo?: string | null;
  customerCategory?: string | null;
  customerRank?: string | null;
  branchId?: string | null;
  priority?: number;
  active?: boolean;
}

/** A list of prices that holds between two days, for everybody or for one group of customers or one branch. */
@Entity('price_book')
export class PriceBook {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'char', length: 3 }) currency!: string;
  @Column({ name: 'valid_from', type: 'date' }) validFrom!: string;
  @Column({ name: 'valid_to', type: 'date', nullable: true }) validTo!: string | null;
  @Column({ name: 'customer_category', type: 'text', nullable: true }) customerCategory!: string | null;
  @Column({ name: 'customer_rank', type: 'text', nullable: true }) customerRank!: string | null;
  @Column({ name: 'branch_id', type: 'uuid', nullable: true }) branchId!: string | null;
  @Column({ type: 'integer' }) priority!: number;
  @Column({ type: 'boolean' }) active!: boolean;
  @VersionColumn() version!: number;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;

  static create(
    code: string,
    currency: string,
    fields: PriceBookFields & { name: string; validFrom: string },
  ): PriceBook {
    const book = Object.assign(new PriceBook(), {
      id: newId(),
      code: code.trim().toUpperCase(),
      currency,
      validTo: null,
      customerCategory: null,
      customerRank: null,
      branchId: null,
      priority: 0,
      active: true,
    });
    book.change(fields);
    return book;
  }

  /** Applies a merge patch. */
  change(fields: PriceBookFields): void {
    Object.assign(this, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
  }
}

/** The price of a unit of a product in a book, from a quantity on. */
@Entity('price')
export class Price {
  @PrimaryColumn({ name: 'price_book_id', type: 'uuid' }) priceBookId!: string;
  @PrimaryColumn({ name: 'product_id', type: 'uuid' }) productId!: string;
  @PrimaryColumn({ ...decimal('from_quantity') } as PrimaryColumnOptions) fromQuantity!: string;
  @Column(decimal('unit_price')) unitPrice!: string;
}
