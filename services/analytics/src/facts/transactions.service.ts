import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  date,
  decimal,
  defineList,
  notFound,
  page,
  Rights,
  uuid,
  type OwnedRow,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { Money } from '@quen/events';
import { AnalyticsConfig } from '../analytics.config.js';
import { SalesFact } from './sales-fact.entity.js';
import type { TransactionView } from './transactions.dto.js';

export const transactions = defineList({
  entity: SalesFact,
  fields: { kind: choice(['sale', 'return']), orderId: uuid(), occurredOn: date(), revenue: decimal() },
  sort: ['occurredOn', 'line', 'revenue'],
  defaultSort: '-occurredOn,line',
});

// A return is its order's, which says whose it is.
const reached = `customer_id = $1 and (quen_scope() = 'all' or order_id in (
  select s.order_id from sales_fact s where s.customer_id = $1 and s.kind = 'sale'
     and case quen_scope() when 'branch' then s.branch_id = any(quen_branches()) when 'own' then s.owner_id = quen_subject() end))`;

/** Each sale and return of a customer with its profit. */
@Injectable()
export class TransactionsService {
  constructor(
    private readonly database: Database,
    private readonly rights: Rights,
    private readonly config: AnalyticsConfig,
  ) {}

  /**
   * Of the orders within the caller's reach. @throws Problem not_found when the caller may not read the insight of such
   * a customer
   */
  async list(customerId: string, query: ParsedList, user: Principal): Promise<Page<TransactionView>> {
    const [insight] = await this.database.elevated((tx) =>
      tx.query<OwnedRow[]>(
        'select branch_id as "branchId", owner_id as "ownerId" from insight where customer_id = $1',
        [customerId],
      ),
    );
    if (!insight || !(await this.rights.may(user, 'insight', 'read', insight)))
      throw notFound({ what: 'insight', id: customerId });
    return this.database.read(async (tx) => {
      const found = await page(tx, transactions, query, { where: reached, params: [customerId] });
      return { ...found, data: found.data.map((fact) => this.view(fact)) };
    });
  }

  private view({
    eventId,
    line,
    kind,
    orderId,
    orderCode,
    occurredOn,
    productCode,
    quantity,
    revenue,
    cost,
  }: SalesFact): TransactionView {
    const [income, goods] = [revenue, cost].map((amount) => Money.of(amount, this.config.REPORTING_CURRENCY)) as [
      Money,
      Money,
    ];
    return {
      eventId,
      line,
      kind,
      orderId,
      orderCode,
      occurredOn,
      productCode,
      quantity,
      revenue: income,
      cost: goods,
      profit: income.minus(goods),
    };
  }
}
