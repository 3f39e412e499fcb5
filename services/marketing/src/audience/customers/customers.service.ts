import { Injectable } from '@nestjs/common';
import { findReferred } from '@quen/chassis';
import type { CaseState, CustomerInsightState, CustomerState } from '@quen/events';
import type { Received, Transaction } from '@quen/messaging';
import {
  erasedAmong,
  othersMailedAt,
  takeCases,
  takeCustomers,
  takeInsights,
  type Touched,
} from './customer-replica.queries.js';
import { Customer } from './customer.entity.js';

export { Customer, type Touched };
export { addressesOn, normalAddress, normalEmail } from './address.js';

/** What marketing knows of customers: a replica of what other services publish. */
@Injectable()
export class CustomersService {
  /** Takes a batch of customer states; returns whom it changed. */
  takeCustomers(tx: Transaction, events: Received<CustomerState | null>[]): Promise<Touched[]> {
    return takeCustomers(tx, events);
  }

  /** Takes a batch of insights; returns whom it changed. */
  takeInsights(tx: Transaction, events: Received<CustomerInsightState | null>[]): Promise<Touched[]> {
    return takeInsights(tx, events);
  }

  /** Takes a batch of cases; returns the customers whose severe complaints changed. */
  takeCases(tx: Transaction, events: Received<CaseState | null>[]): Promise<Touched[]> {
    return takeCases(tx, events);
  }

  /** Those of the customers who were erased. */
  erasedAmong(tx: Transaction, ids: readonly string[]): Promise<string[]> {
    return erasedAmong(tx, ids);
  }

  /**
   * Customers, other than one, whose mails go to this mailbox and who consented to them, whatever branch they belong
   * to.
   */
  othersMailedAt(tx: Transaction, mailbox: string, except: string): Promise<string[]> {
    return othersMailedAt(tx, mailbox, except);
  }

  /** One customer inside the caller's reach. @throws Problem not_known_here_yet */
  get(tx: Transaction, id: string): Promise<Customer> {
    return findReferred(tx, Customer, id);
  }
}
