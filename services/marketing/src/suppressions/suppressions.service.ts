import { Injectable } from '@nestjs/common';
import { contactChannels, type ContactChannel } from '@quen/events';
import { choice, Database, defineList, find, instant, invalid, lock, page, text, uuid, type Page, type ParsedList, type Principal } from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';
import { CustomersService } from '../customers/customers.service.js';
import { Suppression, suppressionOrigins, type SuppressionOrigin } from './suppression.entity.js';
import type { CreateSuppression } from './suppressions.dto.js';

const alreadySuppressed = defineProblem('conflict', 'already_suppressed', { en: 'This customer or address is suppressed on {channel} already.', vi: 'Khách hàng hoặc địa chỉ này đã bị chặn gửi qua {channel}.' });

export const suppressionList = defineList({
  entity: Suppression,
  fields: { customerId: uuid(), address: text(), channel: choice(contactChannels), origin: choice(suppressionOrigins), createdAt: instant() },
  sort: ['createdAt'], defaultSort: '-createdAt', search: ['address', 'reason'],
});

/** The list of those who get no advertising. */
@Injectable()
export class SuppressionsService {
  constructor(private readonly database: Database, private readonly customers: CustomersService) {}

  list(query: ParsedList): Promise<Page<Suppression>> {
    return this.database.read((tx) => page(tx, suppressionList, query));
  }

  get(id: string): Promise<Suppression> {
    return this.database.read((tx) => find(tx, Suppression, id));
  }

  /** @throws Problem validation_failed without customer and address, already_suppressed */
  create(body: CreateSuppression, by: Principal): Promise<Suppression> {
    return this.database.transaction(async (tx) => {
      if (!body.customerId && !body.address) throw invalid({ pointer: '/customerId', code: 'required', message: 'give a customer or an address', vi: 'hãy cho khách hàng hoặc địa chỉ' });
      if (body.customerId) await this.customers.get(tx, body.customerId);
      const suppression = Suppression.of({ ...body, origin: 'manual', createdBy: by.subject });
      if (!await this.insert(tx, suppression)) throw alreadySuppressed({ channel: body.channel });
      return find(tx, Suppression, suppression.id);
    });
  }

  /** Lets advertising through again; consent still has to be there. */
  lift(id: string, version: number): Promise<void> {
    return this.database.transaction(async (tx) => {
      await tx.remove(await lock(tx, Suppression, id, version));
    });
  }

  /** Suppresses inside another use case; nothing happens for who is suppressed already. Returns whether it is new. */
  suppress(tx: Transaction, fields: { customerId: string | null; address: string | null; channel: ContactChannel; reason: string; origin: SuppressionOrigin }): Promise<boolean> {
    return this.insert(tx, Suppression.of(fields));
  }

  private async insert(tx: Transaction, suppression: Suppression): Promise<boolean> {
    const { raw } = await tx.createQueryBuilder().insert().into(Suppression).values(suppression).orIgnore().returning('id').execute();
    return (raw as object[]).length > 0;
  }
}
