import { entityStates, Slice } from '@quen/chassis';
import { OpportunityState } from '@quen/events';
import { PricesModule } from '../../catalogue/prices/prices.module.js';
import { CustomersModule } from '../../replicas/customers/customers.module.js';
import { StaffModule } from '../../replicas/staff/staff.module.js';
import { PipelinesModule } from '../pipelines/pipelines.module.js';
import { OpportunitiesController } from './opportunities.controller.js';
import { OpportunitiesService } from './opportunities.service.js';
import { OpportunityContact, OpportunityLine, OpportunityStay } from './opportunity-parts.entity.js';
import { OpportunityPartsService } from './opportunity-parts.service.js';
import { Opportunity } from './opportunity.entity.js';

@Slice({
  imports: [PipelinesModule, CustomersModule, StaffModule, PricesModule],
  entities: [Opportunity, OpportunityLine, OpportunityContact, OpportunityStay],
  tables: { reads: ['contract', 'product', 'quote', 'sales_order'] },
  controllers: [OpportunitiesController],
  providers: [OpportunitiesService, OpportunityPartsService],
  exports: [OpportunitiesService],
  access: {
    opportunity: {
      director: 'all',
      'branch-manager': 'branch',
      seller: { read: 'own', create: 'own', update: 'own', move: 'own', win: 'own', lose: 'own', reopen: 'own' },
      marketer: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'opportunities', description: 'Chances of business on their way through a pipeline.' }],
  states: [entityStates(OpportunityState, Opportunity)],
})
export class OpportunitiesModule {}
