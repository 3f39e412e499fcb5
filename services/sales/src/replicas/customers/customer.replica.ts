import { Column, Entity, PrimaryColumn } from 'typeorm';
import { replica } from '@quen/chassis';
import { CustomerState, type CustomerCategory, type CustomerKind, type LifecycleStage } from '@quen/events';
import type { Transaction } from '@quen/messaging';

/** A customer as sales knows one. */
@Entity('customer')
export class Customer {
  @PrimaryColumn('uuid') id!: string;
  @Column('bigint') version!: string;
  @Column('text') code!: string;
  @Column({ name: 'display_name', type: 'text' }) displayName!: string;
  @Column('text') kind!: CustomerKind;
  @Column('text') category!: CustomerCategory;
  @Column('text') lifecycle!: LifecycleStage;
  @Column({ name: 'branch_id', type: 'uuid' }) branchId!: string;
  @Column({ name: 'owner_id', type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ name: 'merged_into', type: 'uuid', nullable: true }) mergedInto!: string | null;
  /** What only the seller's screen shows. */
  @Column('jsonb') profile!: ReturnType<typeof profileOf>;
  @Column({ name: 'received_at', type: 'timestamptz' }) receivedAt!: Date;
}

export const customerReplica = replica(
  CustomerState,
  Customer,
  (state) => ({
    code: state.code,
    displayName: state.displayName,
    kind: state.kind,
    category: state.category,
    lifecycle: state.lifecycle,
    branchId: state.branchId,
    ownerId: state.ownerId,
    mergedInto: state.mergedInto,
    profile: profileOf(state),
  }),
  {
    group: 'crm.sales.customer-replica',
    after: (touched, tx) =>
      forget(
        tx,
        touched.flatMap(({ id, erased }) => (erased ? [id] : [])),
      ),
  },
);

function profileOf(state: CustomerState) {
  return {
    title: state.title,
    representative: state.representative,
    phones: state.phones.map((phone) => phone.e164),
    emails: state.emails,
    industry: state.industry,
    field: state.field,
    size: state.size,
    needs: state.needs,
    language: state.language,
    preferredChannel: state.preferredChannel,
    address: state.address?.text,
    birthDate: state.birthDate,
    customerSince: state.registeredAt,
  };
}

/**
 * Forgets who was spoken to on the side of erased customers, and what they said. Orders stay, as the law on accounting
 * asks; they name no person.
 */
async function forget(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (!ids.length) return;
  await tx.query(
    'delete from opportunity_contact where opportunity_id in (select id from opportunity where customer_id = any($1::uuid[]))',
    [ids],
  );
  await tx.query('update lead set interest = null where customer_id = any($1::uuid[]) and interest is not null', [ids]);
  await tx.query(
    'update lead_approach set note = null where note is not null and lead_id in (select id from lead where customer_id = any($1::uuid[]))',
    [ids],
  );
}
