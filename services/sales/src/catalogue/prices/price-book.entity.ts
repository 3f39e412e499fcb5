import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import { DecimalColumn } from '@quen/chassis';
import { newId } from '@quen/messaging';

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
  @Column({ type: 'date' }) validFrom!: string;
  @Column({ type: 'date', nullable: true }) validTo!: string | null;
  @Column({ type: 'text', nullable: true }) customerCategory!: string | null;
  @Column({ type: 'text', nullable: true }) customerRank!: string | null;
  @Column({ type: 'uuid', nullable: true }) branchId!: string | null;
  @Column({ type: 'integer' }) priority!: number;
  @Column({ type: 'boolean' }) active!: boolean;
  @VersionColumn() version!: number;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;

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
  @PrimaryColumn({ type: 'uuid' }) priceBookId!: string;
  @PrimaryColumn({ type: 'uuid' }) productId!: string;
  @DecimalColumn({ primary: true }) fromQuantity!: string;
  @DecimalColumn() unitPrice!: string;
}
