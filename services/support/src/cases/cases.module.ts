import { entityStates, Slice } from '@quen/chassis';
import { CaseState } from '@quen/events';
import { CustomersModule } from '../customers/customers.module.js';
import { SlaPoliciesModule } from '../sla-policies/sla-policies.module.js';
import { BreachSchedule } from './breach.schedule.js';
import { Case } from './case.entity.js';
import { CasesController } from './cases.controller.js';
import { CasesService } from './cases.service.js';
import { DeadlinesService } from './deadlines.service.js';
import { QueueController } from './queue.controller.js';
import { QueueService } from './queue.service.js';
import { RerunDeadlinesJob } from './rerun-deadlines.job.js';

@Slice({
  imports: [SlaPoliciesModule, CustomersModule],
  entities: [Case],
  tables: { owns: ['case_log'], reads: ['sla_policy'] },
  controllers: [CasesController, QueueController],
  providers: [CasesService, QueueService, DeadlinesService, BreachSchedule],
  jobs: [RerunDeadlinesJob],
  access: {
    case: {
      director: 'all',
      'branch-manager': 'branch',
      agent: 'branch',
      seller: { read: 'branch', create: 'branch' },
      marketer: { read: 'all' },
      'data-reader': { read: 'all' },
    },
    queue: {
      director: 'all',
      'branch-manager': 'branch',
      agent: 'branch',
    },
  },
  tags: [
    { name: 'cases', description: 'Questions, requests, complaints and incidents from opening to rating' },
    { name: 'queue', description: 'What waits, in order' },
  ],
  states: [entityStates(CaseState, Case)],
})
export class CasesModule {}
