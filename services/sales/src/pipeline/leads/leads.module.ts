import { Slice } from '@quen/chassis';
import { CustomersModule } from '../../replicas/customers/customers.module.js';
import { StaffModule } from '../../replicas/staff/staff.module.js';
import { OpportunitiesModule } from '../opportunities/opportunities.module.js';
import { LeadApproach } from './lead-approach.entity.js';
import { Lead } from './lead.entity.js';
import { LeadsController } from './leads.controller.js';
import { LeadIntake } from './leads.reactions.js';
import { LeadsService } from './leads.service.js';

@Slice({
  imports: [CustomersModule, OpportunitiesModule, StaffModule],
  entities: [Lead, LeadApproach],
  controllers: [LeadsController],
  reactions: [LeadIntake],
  providers: [LeadsService],
  access: {
    lead: {
      director: 'all',
      'branch-manager': 'branch',
      // A lead without an owner waits for whoever in the branch takes it first.
      seller: { read: 'branch', accept: 'branch', decline: 'branch', approach: 'branch', convert: 'own' },
      marketer: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'leads', description: 'Leads that marketing routed to sales, while they are worked on.' }],
})
export class LeadsModule {}
