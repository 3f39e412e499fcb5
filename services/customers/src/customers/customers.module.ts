import { entityStates, Slice } from '@quen/chassis';
import { CustomerState } from '@quen/events';
import { InsightsModule } from '../insights/insights.module.js';
import { CustomerCandidates } from './customer-candidates.js';
import { Customer } from './customer.entity.js';
import { CustomersController } from './customers.controller.js';
import { CustomersService } from './customers.service.js';
import { LifecycleReactions } from './lifecycle.reactions.js';

@Slice({
  imports: [InsightsModule],
  entities: [Customer],
  tables: { owns: ['customer_key', 'customer_search'] },
  controllers: [CustomersController],
  reactions: [LifecycleReactions],
  providers: [CustomerCandidates, CustomersService],
  exports: [CustomersService],
  // Who deals with customers may look them up in the branch, since a customer is one for all units; to change one takes
  // ownership or the branch's lead. Citizen ids are for few: the scope of their permissions is compared with each record.
  // Whole lists leave by file for those who lead only.
  access: {
    customer: {
      director: {
        read: 'all',
        create: 'all',
        update: 'all',
        transfer: 'all',
        export: 'all',
        'read-citizen-id': 'all',
        'write-citizen-id': 'all',
      },
      'branch-manager': {
        read: 'branch',
        create: 'branch',
        update: 'branch',
        transfer: 'branch',
        export: 'branch',
        'read-citizen-id': 'branch',
        'write-citizen-id': 'branch',
      },
      marketer: { read: 'branch', create: 'branch', update: 'branch' },
      seller: { read: 'branch', create: 'branch', update: 'own' },
      agent: { read: 'all', create: 'branch', update: 'branch' },
      accountant: { read: 'branch' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'Customers', description: 'Register, find, correct and hand over customers; possible duplicates.' }],
  states: [entityStates(CustomerState, Customer)],
})
export class CustomerRecordsModule {}
