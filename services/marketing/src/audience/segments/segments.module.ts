import { Slice } from '@quen/chassis';
import { CustomersModule } from '../customers/customers.module.js';
import { SuppressionsModule } from '../suppressions/suppressions.module.js';
import { membershipStates } from './membership.states.js';
import { Segment } from './segment.entity.js';
import { SegmentsController } from './segments.controller.js';
import { SegmentsService } from './segments.service.js';

@Slice({
  imports: [CustomersModule, SuppressionsModule],
  entities: [Segment],
  tables: { owns: ['segment_membership', 'segment_membership_change'], reads: ['customer'] },
  controllers: [SegmentsController],
  providers: [SegmentsService],
  access: {
    segment: {
      director: 'all',
      'branch-manager': 'branch',
      marketer: 'branch',
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'segments', description: 'Groups of customers by rule or by list, kept up event by event.' }],
  states: [membershipStates],
})
export class SegmentsModule {}
