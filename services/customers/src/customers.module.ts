import { entityStates, ServiceModule } from '@quen/chassis';
import { CustomerState } from '@quen/events';
import { ConsentEntry } from './consents/consent-entry.entity.js';
import { ConsentsController } from './consents/consents.controller.js';
import { ConsentsReactions } from './consents/consents.reactions.js';
import { ConsentsService } from './consents/consents.service.js';
import { customersAccess } from './customers.access.js';
import { CustomerCandidates } from './customers/customer-candidates.js';
import { Customer } from './customers/customer.entity.js';
import { CustomersController } from './customers/customers.controller.js';
import { CustomersService } from './customers/customers.service.js';
import { CustomerImport } from './imports/customer-import.entity.js';
import { CustomerImportJob } from './imports/customer-import.job.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsService } from './imports/imports.service.js';
import { CustomerInsight } from './insights/customer-insight.entity.js';
import { InsightsReactions } from './insights/insights.reactions.js';
import { InsightsService } from './insights/insights.service.js';
import { LifecycleReactions } from './insights/lifecycle.reactions.js';
import { Customers1772323200001 } from './migrations/20260301000001-customers.js';
import { ImportsTimelineInsights1772323200002 } from './migrations/20260301000002-imports-timeline-insights.js';
import { ListOrder1795910400001 } from './migrations/20261129000000-list-order.js';
import { ConsentDays1795910400101 } from './migrations/20261129000001-consent-days.js';
import { PartsAndStages1795910400002 } from './migrations/20261129000002-parts-and-stages.js';
import { TimelineRow } from './timeline/timeline-row.entity.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { TimelineReactions } from './timeline/timeline.reactions.js';
import { TimelineService } from './timeline/timeline.service.js';

/** The one customer database: identify, consent, ownership, timeline. */
@ServiceModule({
  name: 'customers',
  title: 'Quen Customers',
  description:
    'One record per customer for all units of the firm: who they are, what they consented to, who looks after them, and what every service did with them.',
  access: customersAccess,
  entities: [Customer, ConsentEntry, CustomerImport, TimelineRow, CustomerInsight],
  migrations: [
    Customers1772323200001,
    ImportsTimelineInsights1772323200002,
    ListOrder1795910400001,
    PartsAndStages1795910400002,
    ConsentDays1795910400101,
  ],
  states: [entityStates(CustomerState, Customer)],
  controllers: [
    CustomersController,
    ImportsController,
    ConsentsController,
    TimelineController,
    ConsentsReactions,
    TimelineReactions,
    InsightsReactions,
    LifecycleReactions,
  ],
  providers: [CustomerCandidates, CustomersService, ImportsService, ConsentsService, TimelineService, InsightsService],
  jobs: [CustomerImportJob],
  derived: [
    { groups: ['crm.customers.timeline'], tables: { timeline_entry: {} } },
    { groups: ['crm.customers.insights'], tables: { customer_insight: { ignore: ['received_at'] } } },
  ],
  tags: [
    { name: 'Customers', description: 'Register, find, correct and hand over customers; possible duplicates.' },
    { name: 'Imports', description: 'Customer lists as files.' },
    { name: 'Consents', description: 'The ledger of what customers consented to.' },
    { name: 'Timeline', description: 'What every service did with a customer.' },
  ],
})
export class CustomersModule {}
