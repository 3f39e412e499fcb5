import { ServiceModule } from '@quen/chassis';
import { ContractsModule } from './agreements/contracts/contracts.module.js';
import { QuotesModule } from './agreements/quotes/quotes.module.js';
import { PricesModule } from './catalogue/prices/prices.module.js';
import { ProductsModule } from './catalogue/products/products.module.js';
import { OrdersModule } from './fulfilment/orders/orders.module.js';
import { LeadsModule } from './pipeline/leads/leads.module.js';
import { OpportunitiesModule } from './pipeline/opportunities/opportunities.module.js';
import { PipelinesModule } from './pipeline/pipelines/pipelines.module.js';
import { CasesModule } from './replicas/cases/cases.module.js';
import { CustomersModule } from './replicas/customers/customers.module.js';
import { InsightsModule } from './replicas/insights/insights.module.js';
import { StaffModule } from './replicas/staff/staff.module.js';

/** The slices of sales. */
@ServiceModule({
  name: 'sales',
  title: 'Quen Sales',
  description:
    'Leads at work, opportunities, quotes, contracts, orders, deliveries, invoices, payments and returns; products and their prices.',
  migrations: import.meta.dirname,
  staffReplica: true,
  slices: [
    // catalogue
    ProductsModule,
    PricesModule,
    // pipeline
    PipelinesModule,
    LeadsModule,
    OpportunitiesModule,
    // agreements
    QuotesModule,
    ContractsModule,
    // fulfilment
    OrdersModule,
    // replicas
    CustomersModule,
    InsightsModule,
    CasesModule,
    StaffModule,
  ],
})
export class SalesModule {}
