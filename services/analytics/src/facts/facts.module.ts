import { Slice } from '@quen/chassis';
import { InsightsModule } from '../insights/insights.module.js';
import { FactsReactions } from './facts.reactions.js';
import { FactsService } from './facts.service.js';
import { SalesFact } from './sales-fact.entity.js';
import { TransactionsController } from './transactions.controller.js';
import { TransactionsService } from './transactions.service.js';

@Slice({
  imports: [InsightsModule],
  entities: [SalesFact],
  tables: { owns: ['market_fact', 'payment_fact', 'service_fact'], reads: ['insight'] },
  controllers: [TransactionsController],
  reactions: [FactsReactions],
  providers: [FactsService, TransactionsService],
  // A transaction is an order's line, read as far as `order: read` of sales goes.
  access: {
    transaction: {
      director: 'all',
      'data-reader': { read: 'all' },
      'branch-manager': { read: 'branch' },
      accountant: { read: 'all' },
      agent: { read: 'branch' },
      seller: { read: 'own' },
    },
  },
})
export class FactsModule {}
