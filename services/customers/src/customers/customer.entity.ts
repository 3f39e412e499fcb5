import { Column, Entity, PrimaryColumn } from 'typeorm';
import { codeOf, fold, oneToneStyle } from '@quen/chassis';
import {
  build,
  ConsentGiven,
  ConsentWithdrawn,
  CustomerCorrected,
  CustomerRegistered,
  CustomerState,
  Money,
  OwnershipChanged,
  type Address,
  type ConsentAnswer,
  type ContactChannel,
  type CustomerCategory,
  type CustomerKind,
  type CustomerSource,
  type LifecycleStage,
  type PhoneNumber,
} from '@quen/events';
import { isCitizenId } from './citizen-id.js';
import { codeKey, externalKey, type CustomerKey, type ExternalIdParts } from './customer-key.js';
import { stageAfter, type Purchases } from './lifecycle.js';
import { splitName } from './person-name.js';

/** Who the customer is to the firm: an outsider, or another part of the firm itself. */
export type Relation = 'external' | 'internal';

/** A further address with its use, e.g. `delivery`, `invoice`. */
export interface LabelledAddress {
  label: string;
  address: Address;
}

/** What is entered of a customer; a field that is left out stays as it is, null clears it. */
export type CustomerDetails = Partial<
  Pick<
    Customer,
    | 'kind'
    | 'category'
    | 'relation'
    | 'lifecycle'
    | 'displayName'
    | 'familyName'
    | 'middleName'
    | 'givenName'
    | 'title'
    | 'representative'
    | 'phones'
    | 'emails'
    | 'address'
    | 'otherAddresses'
    | 'taxCode'
    | 'citizenId'
    | 'externalIds'
    | 'industry'
    | 'field'
    | 'size'
    | 'revenue'
    | 'birthDate'
    | 'sex'
    | 'source'
    | 'needs'
    | 'note'
    | 'language'
    | 'preferredChannel'
    | 'department'
    | 'customerSince'
  >
>;

/** Where and by whom a record begins. */
export interface Registration {
  id: string;
  code: string;
  branchId: string;
  ownerId: string | null;
  importId?: string;
  at: Date;
}

/** One customer for all units of the firm. */
@Entity('customer')
export class Customer {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'int' }) version!: number;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) kind!: CustomerKind;
  @Column({ type: 'text' }) category!: CustomerCategory;
  @Column({ type: 'text' }) relation!: Relation;
  @Column({ type: 'text' }) lifecycle!: LifecycleStage;
  /** The day after which an order moves the stage on; null until it is written when people said the stage. */
  @Column({ type: 'date', nullable: true }) lifecycleSince!: string | null;
  @Column({ type: 'text' }) displayName!: string;
  @Column({ type: 'text', nullable: true }) familyName!: string | null;
  @Column({ type: 'text', nullable: true }) middleName!: string | null;
  @Column({ type: 'text', nullable: true }) givenName!: string | null;
  @Column({ type: 'text', nullable: true }) title!: string | null;
  @Column({ type: 'text', nullable: true }) representative!: string | null;
  @Column({ type: 'jsonb' }) phones!: PhoneNumber[];
  @Column({ type: 'jsonb' }) emails!: string[];
  @Column({ type: 'jsonb', nullable: true }) address!: Address | null;
  @Column({ type: 'jsonb' }) otherAddresses!: LabelledAddress[];
  @Column({ type: 'text', nullable: true }) taxCode!: string | null;
  @Column({ type: 'text', nullable: true }) citizenId!: string | null;
  @Column({ type: 'jsonb' }) externalIds!: ExternalIdParts[];
  @Column({ type: 'text', nullable: true }) industry!: string | null;
  @Column({ type: 'text', nullable: true }) field!: string | null;
  @Column({ type: 'text', nullable: true }) size!: string | null;
  /** Yearly revenue of an organisation. */
  @Column({ type: 'jsonb', nullable: true }) revenue!: Money | null;
  @Column({ type: 'date', nullable: true }) birthDate!: string | null;
  @Column({ type: 'text', nullable: true }) sex!: 'female' | 'male' | 'other' | null;
  @Column({ type: 'text' }) source!: CustomerSource;
  @Column({ type: 'text', nullable: true }) needs!: string | null;
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @Column({ type: 'text' }) language!: 'vi' | 'en';
  @Column({ type: 'text', nullable: true }) preferredChannel!: ContactChannel | null;
  @Column({ type: 'uuid' }) branchId!: string;
  @Column({ type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ type: 'text', nullable: true }) department!: string | null;
  @Column({ type: 'date', nullable: true }) customerSince!: string | null;
  /** Answers now, from the ledger. */
  @Column({ type: 'jsonb' }) consents!: ConsentAnswer[];
  @Column({ type: 'uuid', nullable: true }) mergedInto!: string | null;
  @Column({ type: 'uuid', nullable: true }) importId!: string | null;
  @Column({ type: 'timestamptz' }) registeredAt!: Date;
  @Column({ type: 'timestamptz' }) updatedAt!: Date;
  /** Lower case with marks, for ranking what was typed with marks. */
  @Column({ type: 'text' }) searchName!: string;

  /** A new record; `displayName` is required, everything else has a default or stays unknown. */
  static register(details: CustomerDetails & { displayName: string }, registration: Registration): Customer {
    const customer = Object.assign(new Customer(), {
      version: 1,
      kind: 'person',
      category: details.kind === 'organisation' ? 'commercial-user' : 'consumer',
      relation: 'external',
      lifecycle: 'prospect',
      lifecycleSince: null,
      source: 'manual',
      language: 'vi',
      familyName: null,
      middleName: null,
      givenName: null,
      title: null,
      representative: null,
      phones: [],
      emails: [],
      address: null,
      otherAddresses: [],
      taxCode: null,
      citizenId: null,
      externalIds: [],
      industry: null,
      field: null,
      size: null,
      revenue: null,
      birthDate: null,
      sex: null,
      needs: null,
      note: null,
      preferredChannel: null,
      department: null,
      customerSince: null,
      consents: [],
      mergedInto: null,
    } satisfies Partial<Customer>);
    const { at, importId, ...rest } = registration;
    Object.assign(customer, withoutUndefined(details), rest, {
      importId: importId ?? null,
      registeredAt: at,
      updatedAt: at,
    });
    customer.code = codeOf(registration.code);
    customer.splitDisplayName(details);
    customer.index();
    return customer;
  }

  registered(): CustomerRegistered {
    return build(CustomerRegistered, {
      customerId: this.id,
      code: this.code,
      kind: this.kind,
      source: this.source,
      branchId: this.branchId,
      ownerId: this.ownerId,
      importId: this.importId,
    });
  }

  /** Changes what differs; undefined when nothing does. The event names the fields, never their values. */
  correct(changes: CustomerDetails, at: Date): CustomerCorrected | undefined {
    const fields = Object.entries(changes)
      .filter(([name, value]) => value !== undefined && !equal(value, this[name as keyof CustomerDetails]))
      .map(([name]) => name);
    if (fields.length === 0) return undefined;
    const renamed = fields.includes('displayName');
    const before = { familyName: this.familyName, middleName: this.middleName, givenName: this.givenName };
    Object.assign(this, withoutUndefined(changes));
    if (fields.includes('lifecycle')) this.lifecycleSince = null;
    if (renamed || fields.includes('kind')) this.splitDisplayName(changes);
    for (const [name, value] of Object.entries(before)) {
      if (!fields.includes(name) && value !== this[name as keyof typeof before]) fields.push(name);
    }
    this.updatedAt = at;
    this.index();
    return build(CustomerCorrected, { customerId: this.id, fields });
  }

  /** Moves the life-cycle stage by what was bought; false when it stays. */
  followPurchases(purchases: Purchases, at: Date): boolean {
    const stage = stageAfter(this, purchases);
    if (stage.lifecycle === this.lifecycle) return false;
    Object.assign(this, stage, { updatedAt: at });
    return true;
  }

  /** Notes the day on which people said the stage. */
  stageSaidOn(day: string): void {
    if (this.lifecycle !== 'prospect') this.lifecycleSince ??= day;
  }

  /** Puts the record into other hands; undefined when they are the same. */
  assign(branchId: string, ownerId: string | null, at: Date): OwnershipChanged | undefined {
    const [previousBranchId, previousOwnerId] = [this.branchId, this.ownerId];
    if (branchId === previousBranchId && ownerId === previousOwnerId) return undefined;
    Object.assign(this, { branchId, ownerId, updatedAt: at });
    return build(OwnershipChanged, { customerId: this.id, branchId, ownerId, previousBranchId, previousOwnerId });
  }

  /**
   * Takes over an entry of the consent ledger. An entry older than the present answer of its purpose and channel
   * changes nothing
   * (undefined); of two at the same moment the withdrawal holds. A consent of which nobody knows the day (`undated`)
   * holds only where nothing was answered yet,
   * and gives way to any answer that has one and to any refusal.
   */
  answer(entry: ConsentAnswer & { consentId: string; source: string }): ConsentGiven | ConsentWithdrawn | undefined {
    const { purpose, channel, given, at, consentId, source } = entry;
    const present = this.consents.find((answer) => answer.purpose === purpose && answer.channel === channel);
    if (present && outweighs(present, entry)) return undefined;
    this.consents = [
      ...this.consents.filter((answer) => answer !== present),
      { purpose, channel, given, at, ...(entry.undated && { undated: true }) },
    ];
    return build(given ? ConsentGiven : ConsentWithdrawn, { customerId: this.id, consentId, purpose, channel, source });
  }

  /** Every key by which the record is recognised. */
  keys(): CustomerKey[] {
    return [
      codeKey(this.code),
      ...this.phones.map(({ e164 }): CustomerKey => ({ kind: 'phone', value: e164 })),
      ...this.emails.map((value): CustomerKey => ({ kind: 'email', value })),
      ...(this.taxCode ? [{ kind: 'tax-code' as const, value: this.taxCode }] : []),
      ...(this.citizenId ? [{ kind: 'citizen-id' as const, value: this.citizenId }] : []),
      ...this.externalIds.map(externalKey),
    ];
  }

  /** What search looks through: folded name, code and contact points; the name begins it. */
  searchText(): string {
    const phones = this.phones.flatMap(({ e164 }) => (e164.startsWith('+84') ? [e164, `0${e164.slice(3)}`] : [e164]));
    return fold(
      [
        this.displayName,
        this.representative,
        this.code,
        ...phones,
        ...this.emails,
        isCitizenId(this.taxCode) ? null : this.taxCode,
      ]
        .filter(Boolean)
        .join(' '),
    );
  }

  /** Public state; the citizen id (also as a tax code), the note and further addresses stay in this service. */
  state(): CustomerState {
    const {
      version,
      code,
      kind,
      category,
      lifecycle,
      displayName,
      familyName,
      middleName,
      givenName,
      title,
      representative,
      phones,
      emails,
      address,
      taxCode,
      industry,
      field,
      size,
      birthDate,
      sex,
      source,
      needs,
      language,
      preferredChannel,
      branchId,
      ownerId,
      department,
      consents,
      mergedInto,
    } = this;
    return build(CustomerState, {
      customerId: this.id,
      version,
      code,
      kind,
      category,
      lifecycle,
      displayName,
      familyName,
      middleName,
      givenName,
      title,
      representative,
      phones,
      emails,
      address,
      taxCode: isCitizenId(taxCode) ? undefined : taxCode,
      industry,
      field,
      size,
      birthDate,
      sex,
      source,
      needs,
      language,
      preferredChannel,
      branchId,
      ownerId,
      department,
      consents,
      mergedInto,
      registeredAt: this.registeredAt.toISOString(),
    });
  }

  private splitDisplayName(given: CustomerDetails): void {
    if (given.familyName !== undefined || given.middleName !== undefined || given.givenName !== undefined) return;
    const parts = this.kind === 'person' ? splitName(this.displayName) : {};
    Object.assign(this, {
      familyName: parts.familyName ?? null,
      middleName: parts.middleName ?? null,
      givenName: parts.givenName ?? null,
    });
  }

  private index(): void {
    this.searchName = oneToneStyle(this.displayName.normalize('NFC').toLocaleLowerCase('vi'));
  }
}

function outweighs(present: ConsentAnswer, { given, at, undated }: ConsentAnswer): boolean {
  if (given && undated) return true;
  if (present.given && present.undated) return false;
  return present.at > at || (present.at === at && !present.given && given);
}

function withoutUndefined<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Whether two field values are the same; of objects what JSON keeps of them, in any order of fields. */
function equal(one: unknown, other: unknown): boolean {
  return canonical(one ?? null) === canonical(other ?? null);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part)
            .filter(([, each]) => each !== undefined)
            .sort(([a], [b]) => a.localeCompare(b)),
        )
      : part,
  );
}
