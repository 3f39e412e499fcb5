import { entityStates, Slice } from '@quen/chassis';
import { OrderState } from '@quen/events';
import { ContractsModule } from '../../agreements/contracts/contracts.module.js';
import { QuotesModule } from '../../agreements/quotes/quotes.module.js';
import { PricesModule } from '../../catalogue/prices/prices.module.js';
import { ProductsModule } from '../../catalogue/products/products.module.js';
import { OpportunitiesModule } from '../../pipeline/opportunities/opportunities.module.js';
import { CustomersModule } from '../../replicas/customers/customers.module.js';
import { StaffModule } from '../../replicas/staff/staff.module.js';
import { FulfilmentService } from './fulfilment.service.js';
import { Delivery, DeliveryLine, GoodsReturn, GoodsReturnLine, Invoice, Payment } from './order-facts.entity.js';
import { OrderImport } from './order-import.job.js';
import { OrderImportsController } from './order-imports.controller.js';
import { OrderedLine } from './order-line.entity.js';
import { Order } from './order.entity.js';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';

@Slice({
  imports: [
    CustomersModule,
    ProductsModule,
    PricesModule,
    OpportunitiesModule,
    QuotesModule,
    ContractsModule,
    StaffModule,
  ],
  entities: [Order, OrderedLine, Delivery, DeliveryLine, Invoice, Payment, GoodsReturn, GoodsReturnLine],
  controllers: [OrderImportsController, OrdersController],
  providers: [OrdersService, FulfilmentService],
  jobs: [OrderImport],
  access: {
    order: {
      director: 'all',
      // All but import, as a firm's history is not one branch's, and payments: who sells does not say what came in.
      'branch-manager': {
        read: 'branch',
        create: 'branch',
        update: 'branch',
        confirm: 'branch',
        deliver: 'branch',
        invoice: 'branch',
        return: 'branch',
        export: 'branch',
      },
      seller: { read: 'own', create: 'own', update: 'own', confirm: 'own', deliver: 'own', return: 'own' },
      accountant: { read: 'all', invoice: 'all', pay: 'all', import: 'all', export: 'all' },
      agent: { read: 'branch' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [
    { name: 'orders', description: 'Orders with deliveries, invoices, payments and returns: the transaction history.' },
  ],
  states: [entityStates(OrderState, Order)],
})
export class OrdersModule {}
