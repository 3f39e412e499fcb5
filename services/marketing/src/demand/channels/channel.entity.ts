import { Column, Entity, PrimaryColumn, VersionColumn, type ValueTransformer } from 'typeorm';
import type { Money, SalesChannel as SalesChannelKind } from '@quen/events';
import { newId } from '@quen/messaging';

/** A share between 0 and 1 is a number of at most five decimals, which the driver reads as text. */
const share: ValueTransformer = { from: Number, to: (value: unknown) => value };

/** A way to sell to which leads are routed: an agent, a shop, a branch's team, the call centre, the web. */
@Entity('sales_channel')
export class SalesChannel {
  @PrimaryColumn('uuid') id!: string;
  @VersionColumn() version!: number;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) kind!: SalesChannelKind;
  @Column({ type: 'uuid' }) branchId!: string;
  /** Seller who works its leads, where it has one. */
  @Column({ type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ type: 'int' }) capacityPerDay!: number;
  @Column({ type: 'text' }) currency!: string;
  @Column({ type: 'numeric' }) costPerLead!: string;
  @Column({ type: 'numeric' }) expectedOrderValue!: string;
  @Column({ type: 'numeric', transformer: share }) expectedConversion!: number;
  @Column({ type: 'numeric', transformer: share }) expectedMarginRate!: number;
  /** Empty: everywhere. */
  @Column({ type: 'text', array: true }) provinces!: string[];
  @Column({ type: 'boolean' }) active!: boolean;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz' }) updatedAt!: Date;

  static open(fields: ChannelFields, at: Date): SalesChannel {
    const channel = Object.assign(new SalesChannel(), {
      id: newId(),
      active: true,
      provinces: [],
      ownerId: null,
      createdAt: at,
    });
    channel.change(fields, at);
    return channel;
  }

  /** Takes new values; what is left out stays. */
  change({ costPerLead, expectedOrderValue, ...fields }: Partial<ChannelFields>, at: Date): void {
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) Object.assign(this, { [name]: value });
    if (costPerLead) Object.assign(this, { costPerLead: costPerLead.amount, currency: costPerLead.currency });
    if (expectedOrderValue) this.expectedOrderValue = expectedOrderValue.amount;
    this.updatedAt = at;
  }
}

/** What people say of a channel. */
export interface ChannelFields {
  code: string;
  name: string;
  kind: SalesChannelKind;
  branchId: string;
  ownerId?: string | null;
  capacityPerDay: number;
  costPerLead: Money;
  expectedOrderValue: Money;
  expectedConversion: number;
  expectedMarginRate: number;
  provinces?: string[];
  active?: boolean;
}
