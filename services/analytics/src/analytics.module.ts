import { ServiceModule } from '@quen/chassis';
import { CasesModule } from './cases/cases.module.js';
import { FactsModule } from './facts/facts.module.js';
import { InsightsModule } from './insights/insights.module.js';
import { ModelsModule } from './models/models.module.js';
import { PurchasesModule } from './purchases/purchases.module.js';

@ServiceModule({
  name: 'analytics',
  title: 'Quen Analytics',
  description:
    'Every transaction and interaction in one store, filled from topics only; the value, rank, profit and lifetime value of each customer, calculated anew at every transaction and put back to work.',
  migrations: import.meta.dirname,
  slices: [InsightsModule, FactsModule, ModelsModule, CasesModule, PurchasesModule],
})
export class AnalyticsModule {}
