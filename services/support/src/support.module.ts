import { ServiceModule } from '@quen/chassis';
import { CalendarsModule } from './calendars/calendars.module.js';
import { CasesModule } from './cases/cases.module.js';
import { CustomersModule } from './customers/customers.module.js';
import { SlaPoliciesModule } from './sla-policies/sla-policies.module.js';

@ServiceModule({
  name: 'support',
  title: 'Quen Support',
  description:
    "Cases and complaints on every channel, with deadlines that explain themselves and a queue in the order that severity and the customer's value earn.",
  migrations: import.meta.dirname,
  slices: [CalendarsModule, SlaPoliciesModule, CasesModule, CustomersModule],
})
export class SupportModule {}
