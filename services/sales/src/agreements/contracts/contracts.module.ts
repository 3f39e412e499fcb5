import { entityStates, Slice } from '@quen/chassis';
import { ContractState } from '@quen/events';
import { OpportunitiesModule } from '../../pipeline/opportunities/opportunities.module.js';
import { QuotesModule } from '../quotes/quotes.module.js';
import { Contract, ContractHistory } from './contract.entity.js';
import { ContractsController } from './contracts.controller.js';
import { ContractsService } from './contracts.service.js';

@Slice({
  imports: [QuotesModule, OpportunitiesModule],
  entities: [Contract, ContractHistory],
  tables: { reads: ['order_line', 'sales_order'] },
  controllers: [ContractsController],
  providers: [ContractsService],
  exports: [ContractsService],
  access: {
    contract: {
      director: 'all',
      'branch-manager': 'branch',
      seller: { read: 'own', create: 'own', update: 'own', sign: 'own' },
      accountant: { read: 'all' },
      agent: { read: 'branch' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'contracts', description: 'Contracts from drafting to their end.' }],
  states: [entityStates(ContractState, Contract)],
})
export class ContractsModule {}
