import { Injectable } from '@nestjs/common';
import { Database, notFound } from '@quen/chassis';
import type { CustomerOverview } from './customers.dto.js';
import { CustomersService } from './customers.service.js';
import { boughtProducts, customerOf, dueOf, insightOf, lastOrders, openCases, openOpportunities } from './overview.queries.js';

const shown = 10;

/** The seller's screen of a customer, from what other services published and what sales itself knows. */
@Injectable()
export class OverviewService {
  constructor(private readonly database: Database, private readonly customers: CustomersService) {}

  /** An id of a merged record shows the survivor with the business of all of them. @throws Problem not_found */
  overview(id: string): Promise<CustomerOverview> {
    return this.database.read(async (tx) => {
      const survivor = await this.customers.find(tx, id);
      const customer = survivor && await customerOf(tx, survivor.id);
      if (!customer) throw notFound({ what: 'customer', id });
      const ids = await this.customers.idsOf(tx, customer.id);
      return {
        customer, insight: await insightOf(tx, customer.id), due: await dueOf(tx, ids), orders: await lastOrders(tx, ids, shown), products: await boughtProducts(tx, ids, shown),
        openOpportunities: await openOpportunities(tx, ids), openCases: await openCases(tx, ids),
      };
    });
  }
}
