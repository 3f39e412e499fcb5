import { startOfDay, type RowFault } from '@quen/chassis';
import { isCivilDate } from '@quen/events';
import { newId } from '@quen/messaging';
import type { ConsentEntry, ConsentsService, ConsentStatement } from '../consents/consents.service.js';
import { Customer, isTrusted, keyText, type CustomerChange } from '../customers/customers.service.js';
import type { CustomerImport, RowOutcome } from './customer-import.entity.js';
import type { FaultCode } from './faults.js';
import { changesFor, decide, keysOf, matchRow } from './row-match.js';
import { mostContacts, type ReadRow, type RowConsent, type RowValues } from './row-values.js';

/** A branch that rows may name. */
export interface ImportBranch {
  id: string;
  /** Whether the importer may enter customers there. */
  reached: boolean;
}

/** What a batch is worked out from; the maps grow with the customers that its rows register. */
export interface BatchSurroundings {
  holders: Map<string, string[]>;
  customers: Map<string, Customer>;
  branches: ReadonlyMap<string, ImportBranch>;
  /** Codes for new customers, as many as rows may need. */
  codes: string[];
  at: Date;
  /** The firm's zone: where the days of consents begin. */
  zone: string;
}

/** One row of the file as it was read, with its line. */
export interface BatchRow {
  line: number;
  read: ReadRow;
}

/** What a batch writes. */
export interface BatchPlan {
  changes: CustomerChange[];
  entries: ConsentEntry[];
  outcomes: RowOutcome[];
}

/**
 * Works out what a batch of rows does, in the order of the file: a later row meets the customer that an earlier one
 * registered. No I/O.
 */
export function planBatch(
  order: CustomerImport,
  rows: BatchRow[],
  around: BatchSurroundings,
  consents: Pick<ConsentsService, 'answer'>,
): BatchPlan {
  const changes = new Map<string, CustomerChange>();
  const entries: ConsentEntry[] = [];
  const note = (customer: Customer, created: boolean, facts: object[]): void => {
    const change = changes.get(customer.id) ?? { customer, created, facts: [] };
    change.facts.push(...facts);
    if (created || change.facts.length > 0) changes.set(customer.id, change);
  };

  const outcomes = rows.map(({ line, read }): RowOutcome => {
    const rejected = (faults: RowFault[]): RowOutcome => ({
      line,
      outcome: 'rejected',
      name: read.values?.details.displayName ?? null,
      customerId: null,
      code: null,
      warnings: [],
      faults,
    });
    if (!read.values) return rejected(read.faults);
    const row = read.values;
    const taken = take(order, row, around, note);
    if (typeof taken === 'string') return rejected([{ field: '', code: taken }]);
    const { customer, outcome } = taken;
    const warnings: string[] = [...row.warnings];
    for (const { channel, ...statement } of statementsOf(order, row, customer, around, line)) {
      const present = customer.consents.find(
        (answer) => answer.purpose === statement.purpose && answer.channel === channel,
      );
      // A guest who stands twice on one list, or on a list that is read again, answered once.
      if (present?.given === statement.given && (statement.undated || present.at === statement.at.toISOString()))
        continue;
      const { entry, facts } = consents.answer(customer, { channel, ...statement });
      // What was answered later, or in person, stands against any list.
      if (facts.length > 0) entries.push(entry);
      else if (statement.given && present?.given === false) warnings.push('refusal_stands');
      note(customer, false, facts);
    }
    return {
      line,
      outcome,
      name: customer.displayName,
      customerId: customer.id,
      code: customer.code,
      warnings: [...new Set(warnings)],
      faults: [],
    };
  });
  return { changes: [...changes.values()], entries, outcomes };
}

/**
 * What a row says about consent, each answer from its own day on: that of the cell, of the row, or of the list; without
 * any it is undated.
 */
function statementsOf(
  order: CustomerImport,
  row: RowValues,
  customer: Customer,
  { zone }: BatchSurroundings,
  line: number,
): ConsentStatement[] {
  const elsewhere = ({ purpose, others }: RowConsent): RowConsent['channel'][] =>
    others
      ? customer.consents.filter((answer) => answer.purpose === purpose && answer.given).map(({ channel }) => channel)
      : [];
  return row.consents.flatMap((consent) => {
    const { purpose, channel, given, wording, on } = consent;
    const told = on ?? (given ? row.consentOn : undefined);
    const at = (told === undefined ? undefined : momentOf(told, zone)) ?? order.collectedAt;
    const statement = {
      purpose,
      given,
      wording,
      source: order.sourceNote,
      proof: `${order.fileName}, line ${line}`,
      at: at ?? order.createdAt,
      undated: at === null,
      recordedBy: order.ownerId,
    };
    return [...new Set([channel, ...elsewhere(consent)])].map((each) => ({ ...statement, channel: each }));
  });
}

/** The first moment of a civil day, or the instant itself: of a day the part that can undo least. */
export function momentOf(told: string, zone: string): Date {
  return isCivilDate(told) ? startOfDay(told, zone) : new Date(told);
}

function take(
  order: CustomerImport,
  row: RowValues,
  around: BatchSurroundings,
  note: (customer: Customer, created: boolean, facts: object[]) => void,
): { customer: Customer; outcome: RowOutcome['outcome'] } | FaultCode {
  const match = matchRow(row, around, order.keys);
  if (match && 'fault' in match) return match.fault;
  switch (decide(order.mode, match !== undefined)) {
    case 'refuse':
      return 'not_found';
    case 'leave':
      return match ? { customer: match.customer, outcome: 'matched' } : 'not_found';
    case 'create':
      return register(order, row, around, note);
    case 'update': {
      if (!match) return 'not_found';
      const changes = changesFor(match.customer, row);
      if ((changes.phones?.length ?? 0) > mostContacts || (changes.emails?.length ?? 0) > mostContacts)
        return 'too_many_contacts';
      const corrected = match.customer.correct(changes, around.at);
      if (corrected) note(match.customer, false, [corrected]);
      remember(match.customer, around);
      return { customer: match.customer, outcome: corrected ? 'updated' : 'matched' };
    }
  }
}

function register(
  order: CustomerImport,
  row: RowValues,
  around: BatchSurroundings,
  note: (customer: Customer, created: boolean, facts: object[]) => void,
): { customer: Customer; outcome: 'created' } | FaultCode {
  // A trusted id that was not among the chosen keys may be somebody's nevertheless.
  const held = keysOf(row, []).find(
    (key) => isTrusted(key.kind) && (around.holders.get(keyText(key))?.length ?? 0) > 0,
  );
  if (held) return held.kind === 'code' ? 'code_taken' : 'match_ambiguous';
  const branch = row.branchCode === undefined ? undefined : around.branches.get(row.branchCode);
  if (row.branchCode !== undefined && !branch) return 'branch_unknown';
  if (branch && !branch.reached) return 'branch_forbidden';
  const branchId = branch?.id ?? order.branchId;
  const code = row.code ?? around.codes.pop();
  if (branchId === null || code === undefined) return 'branch_unknown';
  const customer = Customer.register(
    { ...row.details, source: row.details.source ?? order.source },
    { id: newId(), code, branchId, ownerId: null, importId: order.id, at: around.at },
  );
  note(customer, true, [customer.registered()]);
  around.customers.set(customer.id, customer);
  remember(customer, around);
  return { customer, outcome: 'created' };
}

/** Lets later rows find the customer by every key that it has now. */
function remember(customer: Customer, { holders }: BatchSurroundings): void {
  for (const key of customer.keys().map(keyText)) {
    const known = holders.get(key) ?? [];
    if (!known.includes(customer.id)) holders.set(key, [...known, customer.id]);
  }
}

/** Lets a preview forget those whom it met first, so that it remembers no more than so many. */
export function forgetOldest(
  { customers, holders }: Pick<BatchSurroundings, 'holders' | 'customers'>,
  most: number,
): void {
  for (const [id, customer] of customers) {
    if (customers.size <= most) return;
    customers.delete(id);
    for (const key of customer.keys().map(keyText)) {
      const left = (holders.get(key) ?? []).filter((holder) => holder !== id);
      if (left.length > 0) holders.set(key, left);
      else holders.delete(key);
    }
  }
}
