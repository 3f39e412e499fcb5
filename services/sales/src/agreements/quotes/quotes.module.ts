import { Slice } from '@quen/chassis';
import { PricesModule } from '../../catalogue/prices/prices.module.js';
import { OpportunitiesModule } from '../../pipeline/opportunities/opportunities.module.js';
import { CustomersModule } from '../../replicas/customers/customers.module.js';
import { StaffModule } from '../../replicas/staff/staff.module.js';
import { QuoteLine } from './quote-line.entity.js';
import { Quote } from './quote.entity.js';
import { QuotesController } from './quotes.controller.js';
import { QuotesService } from './quotes.service.js';

@Slice({
  imports: [PricesModule, CustomersModule, OpportunitiesModule, StaffModule],
  entities: [Quote, QuoteLine],
  tables: { reads: ['contract', 'opportunity_line', 'sales_order'] },
  controllers: [QuotesController],
  providers: [QuotesService],
  exports: [QuotesService],
  access: {
    quote: {
      director: 'all',
      'branch-manager': 'branch',
      seller: { read: 'own', create: 'own', update: 'own', issue: 'own', decide: 'own' },
      accountant: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'quotes', description: 'Offers by revision; what was issued never changes.' }],
})
export class QuotesModule {}
