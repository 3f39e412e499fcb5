import { entityStates, ServiceModule } from '@quen/chassis';
import { ContractState, OpportunityState, OrderState, ProductState } from '@quen/events';
import { CaseReplica } from './cases/cases.reactions.js';
import { Contract, ContractHistory } from './contracts/contract.entity.js';
import { ContractsController } from './contracts/contracts.controller.js';
import { ContractsService } from './contracts/contracts.service.js';
import { CustomersController } from './customers/customers.controller.js';
import { CustomerReplica } from './customers/customers.reactions.js';
import { CustomersService } from './customers/customers.service.js';
import { OverviewService } from './customers/overview.service.js';
import { InsightReplica } from './insights/insights.reactions.js';
import { LeadApproach } from './leads/lead-approach.entity.js';
import { Lead } from './leads/lead.entity.js';
import { LeadsController } from './leads/leads.controller.js';
import { LeadIntake } from './leads/leads.reactions.js';
import { LeadsService } from './leads/leads.service.js';
import { ProductsAndPrices1793523600001 } from './migrations/20261101090000-products-and-prices.js';
import { Pipelines1793523600002 } from './migrations/20261101090100-pipelines.js';
import { Replicas1793523600003 } from './migrations/20261101090200-replicas.js';
import { LeadsAndOpportunities1793523600004 } from './migrations/20261101090300-leads-and-opportunities.js';
import { QuotesAndContracts1793523600005 } from './migrations/20261101090400-quotes-and-contracts.js';
import { Orders1793523600006 } from './migrations/20261101090500-orders.js';
import { ListOrder1795910400002 } from './migrations/20261129000000-list-order.js';
import { Rules1796000000001 } from './migrations/20261129180000-rules.js';
import { OpportunitiesController } from './opportunities/opportunities.controller.js';
import { OpportunitiesService } from './opportunities/opportunities.service.js';
import { OpportunityContact, OpportunityLine, OpportunityStay } from './opportunities/opportunity-parts.entity.js';
import { OpportunityPartsService } from './opportunities/opportunity-parts.service.js';
import { Opportunity } from './opportunities/opportunity.entity.js';
import { FulfilmentService } from './orders/fulfilment.service.js';
import { Delivery, DeliveryLine, GoodsReturn, GoodsReturnLine, Invoice, Payment } from './orders/order-facts.entity.js';
import { OrderImport } from './orders/order-import.job.js';
import { OrderImportsController } from './orders/order-imports.controller.js';
import { OrderedLine } from './orders/order-line.entity.js';
import { Order } from './orders/order.entity.js';
import { OrdersController } from './orders/orders.controller.js';
import { OrdersService } from './orders/orders.service.js';
import { Pipeline } from './pipelines/pipeline.entity.js';
import { PipelinesController } from './pipelines/pipelines.controller.js';
import { PipelinesService } from './pipelines/pipelines.service.js';
import { DiscountLimits } from './prices/discount-limits.service.js';
import { Price, PriceBook } from './prices/price-book.entity.js';
import { PricesController } from './prices/prices.controller.js';
import { PricesService } from './prices/prices.service.js';
import { Product } from './products/product.entity.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsService } from './products/products.service.js';
import { QuoteLine } from './quotes/quote-line.entity.js';
import { Quote } from './quotes/quote.entity.js';
import { QuotesController } from './quotes/quotes.controller.js';
import { QuotesService } from './quotes/quotes.service.js';
import { salesAccess } from './sales.access.js';
import { StaffReplica } from './staff/staff.reactions.js';
import { StaffService } from './staff/staff.service.js';

/** The slices of sales. */
@ServiceModule({
  name: 'sales',
  title: 'Quen Sales',
  description:
    'Leads at work, opportunities, quotes, contracts, orders, deliveries, invoices, payments and returns; products and their prices.',
  entities: [
    Product,
    PriceBook,
    Price,
    Pipeline,
    Lead,
    LeadApproach,
    Opportunity,
    OpportunityLine,
    OpportunityContact,
    OpportunityStay,
    Quote,
    QuoteLine,
    Contract,
    ContractHistory,
    Order,
    OrderedLine,
    Delivery,
    DeliveryLine,
    Invoice,
    Payment,
    GoodsReturn,
    GoodsReturnLine,
  ],
  migrations: [
    ProductsAndPrices1793523600001,
    Pipelines1793523600002,
    Replicas1793523600003,
    LeadsAndOpportunities1793523600004,
    QuotesAndContracts1793523600005,
    Orders1793523600006,
    ListOrder1795910400002,
    Rules1796000000001,
  ],
  states: [
    entityStates(ProductState, Product),
    entityStates(OpportunityState, Opportunity),
    entityStates(ContractState, Contract),
    entityStates(OrderState, Order),
  ],
  access: salesAccess,
  controllers: [
    ProductsController,
    PricesController,
    PipelinesController,
    LeadsController,
    OpportunitiesController,
    QuotesController,
    ContractsController,
    OrderImportsController,
    OrdersController,
    CustomersController,
    LeadIntake,
    CustomerReplica,
    InsightReplica,
    CaseReplica,
    StaffReplica,
  ],
  providers: [
    ProductsService,
    PricesService,
    DiscountLimits,
    PipelinesService,
    LeadsService,
    OpportunitiesService,
    OpportunityPartsService,
    QuotesService,
    ContractsService,
    OrdersService,
    FulfilmentService,
    CustomersService,
    OverviewService,
    StaffService,
  ],
  jobs: [OrderImport],
  derived: [
    {
      groups: ['crm.sales.customer-replica'],
      tables: { erased_customer: { seeded: true }, customer: { ignore: ['received_at'] } },
    },
    { groups: ['crm.sales.insight-replica'], tables: { insight: { ignore: ['received_at'] } } },
    { groups: ['crm.sales.case-replica'], tables: { support_case: { ignore: ['received_at'] } } },
    { groups: ['crm.sales.staff-replica'], tables: { staff: { ignore: ['received_at'] } } },
  ],
  tags: [
    { name: 'products', description: 'What the firm sells.' },
    { name: 'prices', description: 'Price books with effective dates and quantity tiers, and the reasons of a price.' },
    { name: 'pipelines', description: "The firm's sales processes as data: stages, what each demands, allowed moves." },
    { name: 'leads', description: 'Leads that marketing routed to sales, while they are worked on.' },
    { name: 'opportunities', description: 'Chances of business on their way through a pipeline.' },
    { name: 'quotes', description: 'Offers by revision; what was issued never changes.' },
    { name: 'contracts', description: 'Contracts from drafting to their end.' },
    { name: 'orders', description: 'Orders with deliveries, invoices, payments and returns: the transaction history.' },
    { name: 'customers', description: "The seller's screen of a customer." },
  ],
})
export class SalesModule {}
