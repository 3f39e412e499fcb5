import { ServiceModule } from '@quen/chassis';
import { ConsentsModule } from './consents/consents.module.js';
import { CustomerRecordsModule } from './customers/customers.module.js';
import { ImportsModule } from './imports/imports.module.js';
import { InsightsModule } from './insights/insights.module.js';
import { TimelineModule } from './timeline/timeline.module.js';

/** The one customer database: identify, consent, ownership, timeline. */
@ServiceModule({
  name: 'customers',
  title: 'Quen Customers',
  description:
    'One record per customer for all units of the firm: who they are, what they consented to, who looks after them, and what every service did with them.',
  migrations: import.meta.dirname,
  slices: [CustomerRecordsModule, ConsentsModule, ImportsModule, TimelineModule, InsightsModule],
})
export class CustomerDatabaseModule {}
