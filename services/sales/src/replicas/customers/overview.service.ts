import { Injectable } from '@nestjs/common';
import { AccessTable, Database, notFound, Rights, type Principal } from '@quen/chassis';
import { Money } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import type { CustomerOverview, OverviewOpportunity } from './customers.dto.js';
import { CustomersService } from './customers.service.js';
import {
  boughtProducts,
  customerOf,
  dueOf,
  insightOf,
  isWorkedOn,
  lastOrders,
  openCases,
  openOpportunities,
} from './overview.queries.js';

const shown = 10;

/** The customer with what concerns it, and the ids of all its records. */
type Known = Pick<CustomerOverview, 'customer' | 'insight' | 'openCases'> & { ids: string[] };

/** The seller's screen of a customer, from what other services published and what sales itself knows. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly access: AccessTable,
    private readonly database: Database,
    private readonly customers: CustomersService,
    private readonly rights: Rights,
  ) {}

  /** An id of a merged record shows the survivor with the business of all of them. @throws Problem not_found */
  async overview(id: string, user: Principal): Promise<CustomerOverview> {
    const { ids, ...known } = await this.database.read((tx) => this.known(tx, id, user));
    const [orders, openOpportunities] = await Promise.all([this.ordersOf(ids, user), this.opportunitiesOf(ids, user)]);
    return { ...known, ...orders, openOpportunities };
  }

  /**
   * Whoever may read the customer may read what is calculated of it and what troubles it; whoever only works with it
   * sees who it is.
   */
  private async known(tx: Transaction, id: string, user: Principal): Promise<Known> {
    const survivor = await this.customers.find(tx, id);
    const customer = survivor && (await customerOf(tx, survivor.id));
    if (!customer) throw notFound({ what: 'customer', id });
    const ids = await this.customers.idsOf(tx, customer.id);
    if (await this.rights.may(user, 'customer', 'read', customer))
      return { customer, ids, insight: await insightOf(tx, customer.id), openCases: await openCases(tx, ids) };
    if (!(await isWorkedOn(tx, ids))) throw notFound({ what: 'customer', id });
    return { customer, ids, insight: null, openCases: [] };
  }

  private ordersOf(ids: string[], user: Principal): Promise<Pick<CustomerOverview, 'due' | 'orders' | 'products'>> {
    return this.asFarAs(user, 'order', { due: Money.of('0'), orders: [], products: [] }, async (tx) => ({
      due: await dueOf(tx, ids),
      orders: await lastOrders(tx, ids, shown),
      products: await boughtProducts(tx, ids, shown),
    }));
  }

  private opportunitiesOf(ids: string[], user: Principal): Promise<OverviewOpportunity[]> {
    return this.asFarAs(user, 'opportunity', [], (tx) => openOpportunities(tx, ids));
  }

  /**
   * Reads as far as the caller may read such records; sellers see here what their branch did with the customer, so that
   * they know past terms.
   */
  private async asFarAs<T>(
    { roles, subject, branchId }: Principal,
    resource: string,
    nothing: T,
    read: (tx: Transaction) => Promise<T>,
  ): Promise<T> {
    const scope = this.access.scopeOf(roles, resource, 'read');
    return scope === undefined
      ? nothing
      : this.database.onBehalfOf(
          { scope: scope === 'own' ? 'branch' : scope, subject, ...(branchId && { branchId }) },
          read,
        );
  }
}
