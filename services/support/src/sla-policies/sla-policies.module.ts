import { Slice } from '@quen/chassis';
import { CalendarsModule } from '../calendars/calendars.module.js';
import { SlaPoliciesController } from './sla-policies.controller.js';
import { SlaPoliciesService } from './sla-policies.service.js';
import { SlaPolicy } from './sla-policy.entity.js';

@Slice({
  imports: [CalendarsModule],
  entities: [SlaPolicy],
  tables: { reads: ['calendar', 'holiday'] },
  controllers: [SlaPoliciesController],
  providers: [SlaPoliciesService],
  exports: [SlaPoliciesService],
  access: {
    'sla-policy': {
      director: 'all',
      'branch-manager': { read: 'all' },
      agent: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'sla-policies', description: 'Within what time a case is to be answered and solved' }],
})
export class SlaPoliciesModule {}
