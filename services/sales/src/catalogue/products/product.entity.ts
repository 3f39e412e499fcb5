import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import { DecimalColumn, fold } from '@quen/chassis';
import { build, Money, ProductState } from '@quen/events';
import { defineProblem, newId } from '@quen/messaging';

export const productKinds = ['goods', 'service'] as const;
export type ProductKind = (typeof productKinds)[number];

export const productCurrency = defineProblem('unprocessable', 'product_currency', {
  en: 'List price and cost of a product are in one currency: change both at once.',
  vi: 'Giá niêm yết và giá vốn của sản phẩm phải cùng loại tiền: hãy sửa cả hai cùng lúc.',
});

/** What may be said of a product; null clears. */
export interface ProductFields {
  name?: string;
  kind?: ProductKind;
  unit?: string;
  category?: string | null;
  department?: string | null;
  listPrice?: Money | null;
  cost?: Money | null;
  active?: boolean;
}

/** Something that the firm sells. */
@Entity('product')
export class Product {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) kind!: ProductKind;
  @Column({ type: 'text' }) unit!: string;
  @Column({ type: 'text', nullable: true }) category!: string | null;
  @Column({ type: 'text', nullable: true }) department!: string | null;
  @DecimalColumn({ nullable: true }) listPrice!: string | null;
  @DecimalColumn({ nullable: true }) cost!: string | null;
  @Column({ type: 'char', length: 3 }) currency!: string;
  @Column({ type: 'boolean' }) active!: boolean;
  @Column({ type: 'text' }) searchText!: string;
  @VersionColumn() version!: number;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;

  /** A new product; codes are kept in capitals so that lists typed by hand still meet. */
  static create(code: string, fields: ProductFields & { name: string; unit: string }): Product {
    const product = Object.assign(new Product(), {
      id: newId(),
      code: productCode(code),
      kind: 'goods',
      category: null,
      department: null,
      listPrice: null,
      cost: null,
      currency: 'VND',
      active: true,
    });
    product.change(fields);
    return product;
  }

  /** Applies a merge patch. @throws Problem product_currency */
  change({ listPrice, cost, ...fields }: ProductFields): void {
    Object.assign(this, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
    if (listPrice !== undefined) this.listPrice = listPrice?.amount ?? null;
    if (cost !== undefined) this.cost = cost?.amount ?? null;
    const currencies = new Set(
      [
        listPrice?.currency ?? (this.listPrice === null ? undefined : this.currency),
        cost?.currency ?? (this.cost === null ? undefined : this.currency),
      ].filter(Boolean),
    );
    if (currencies.size > 1) throw productCurrency();
    this.currency = listPrice?.currency ?? cost?.currency ?? this.currency;
    this.searchText = fold(`${this.code} ${this.name}`);
  }

  state(): ProductState {
    return build(ProductState, {
      productId: this.id,
      version: this.version,
      code: this.code,
      name: this.name,
      kind: this.kind,
      unit: this.unit,
      category: this.category,
      listPrice: this.listPrice === null ? null : Money.of(this.listPrice, this.currency),
      cost: this.cost === null ? null : Money.of(this.cost, this.currency),
      active: this.active,
    });
  }
}

/** A product's code as it is stored and looked up. */
export function productCode(typed: string): string {
  return typed.normalize('NFC').trim().toUpperCase();
}
