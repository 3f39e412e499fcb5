import { Injectable } from '@nestjs/common';
import type { Transaction } from '@quen/messaging';
import { Customer } from './customer.entity.js';

/** Customers as other services publish them. */
@Injectable()
export class CustomersService {
  /** A customer as last heard of; null before the first news of it. */
  known(tx: Transaction, id: string): Promise<Customer | null> {
    return tx.findOneBy(Customer, { id });
  }
}
