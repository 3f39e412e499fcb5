import { Slice } from '@quen/chassis';
import { Customer, customerReplica } from './customer.replica.js';
import { CustomersController } from './customers.controller.js';
import { CustomersService } from './customers.service.js';
import { OverviewService } from './overview.service.js';

@Slice({
  entities: [Customer],
  tables: {
    reads: ['insight', 'opportunity', 'order_line', 'product', 'sales_order', 'support_case'],
    writes: ['lead', 'lead_approach', 'opportunity_contact'],
  },
  controllers: [CustomersController],
  providers: [CustomersService, OverviewService],
  exports: [CustomersService],
  // As in customers, and as `insight: read` in analytics: who may read the customer may read its overview.
  access: {
    customer: {
      director: 'all',
      'branch-manager': 'branch',
      seller: { read: 'branch' },
      accountant: { read: 'branch' },
      agent: { read: 'all' },
      marketer: { read: 'branch' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'customers', description: "The seller's screen of a customer." }],
  replicas: [customerReplica],
})
export class CustomersModule {}
