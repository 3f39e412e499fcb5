import { entityStates, ServiceModule } from '@quen/chassis';
import { CaseState } from '@quen/events';
import { Calendar } from './calendars/calendar.entity.js';
import { CalendarsController } from './calendars/calendars.controller.js';
import { CalendarsService } from './calendars/calendars.service.js';
import { BreachSchedule } from './cases/breach.schedule.js';
import { Case } from './cases/case.entity.js';
import { CasesController } from './cases/cases.controller.js';
import { CasesService } from './cases/cases.service.js';
import { DeadlinesService } from './cases/deadlines.service.js';
import { QueueController } from './cases/queue.controller.js';
import { QueueService } from './cases/queue.service.js';
import { RerunDeadlinesJob } from './cases/rerun-deadlines.job.js';
import { Customer } from './customers/customer.entity.js';
import { CustomerReactions } from './customers/customer.reactions.js';
import { CustomersService } from './customers/customers.service.js';
import { Cases1795345200000 } from './migrations/20261122-cases.js';
import { WorkedMinutes1795946400000 } from './migrations/20261129-worked-minutes.js';
import { SlaPoliciesController } from './sla-policies/sla-policies.controller.js';
import { SlaPoliciesService } from './sla-policies/sla-policies.service.js';
import { SlaPolicy } from './sla-policies/sla-policy.entity.js';
import { supportAccess } from './support.access.js';

@ServiceModule({
  name: 'support',
  title: 'Quen Support',
  description:
    "Cases and complaints on every channel, with deadlines that explain themselves and a queue in the order that severity and the customer's value earn.",
  tags: [
    { name: 'cases', description: 'Questions, requests, complaints and incidents from opening to rating' },
    { name: 'queue', description: 'What waits, in order' },
    { name: 'sla-policies', description: 'Within what time a case is to be answered and solved' },
    { name: 'calendars', description: 'When work is done, and holidays' },
  ],
  entities: [Calendar, SlaPolicy, Case, Customer],
  migrations: [Cases1795345200000, WorkedMinutes1795946400000],
  states: [entityStates(CaseState, Case)],
  access: supportAccess,
  controllers: [CasesController, QueueController, SlaPoliciesController, CalendarsController, CustomerReactions],
  providers: [
    CasesService,
    CustomersService,
    QueueService,
    CalendarsService,
    SlaPoliciesService,
    DeadlinesService,
    BreachSchedule,
  ],
  jobs: [RerunDeadlinesJob],
})
export class SupportModule {}
