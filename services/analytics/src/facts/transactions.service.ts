import { Injectable } from '@nestjs/common';
import { choice, Database, date, decimal, defineList, page, type Page, type ParsedList, uuid } from '@quen/chassis';
import { Money } from '@quen/events';
import { AnalyticsConfig } from '../analytics.config.js';
import { InsightReadsService } from '../insights/insight-reads.service.js';
import { SalesFact } from './sales-fact.entity.js';
import type { TransactionView } from './transactions.dto.js';

export const transactions = defineList({
  entity: SalesFact,
  fields: { kind: choice(['sale', 'return']), orderId: uuid(), occurredOn: date(), revenue: decimal() },
  sort: ['occurredOn', 'line', 'revenue'],
  defaultSort: '-occurredOn,line',
});

/** Each sale and return of a customer with its profit. */
@Injectable()
export class TransactionsService {
  constructor(private readonly database: Database, private readonly insights: InsightReadsService, private readonly config: AnalyticsConfig) {}

  /** @throws Problem not_found when there is no such customer within the caller's reach */
  list(customerId: string, query: ParsedList): Promise<Page<TransactionView>> {
    return this.database.read(async (tx) => {
      await this.insights.mustReach(tx, customerId);
      const found = await page(tx, transactions, query, { where: 'customer_id = $1', params: [customerId] });
      return { ...found, data: found.data.map((fact) => this.view(fact)) };
    });
  }

  private view({ eventId, line, kind, orderId, orderCode, occurredOn, productCode, quantity, revenue, cost }: SalesFact): TransactionView {
    const [income, goods] = [revenue, cost].map((amount) => Money.of(amount, this.config.REPORTING_CURRENCY)) as [Money, Money];
    return { eventId, line, kind, orderId, orderCode, occurredOn, productCode, quantity, revenue: income, cost: goods, profit: income.minus(goods) };
  }
}
