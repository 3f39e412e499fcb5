import { Slice } from '@quen/chassis';
import { CustomersModule } from '../customers/customers.module.js';
import { Suppression } from './suppression.entity.js';
import { SuppressionsController } from './suppressions.controller.js';
import { SuppressionsService } from './suppressions.service.js';

@Slice({
  imports: [CustomersModule],
  entities: [Suppression],
  tables: { owns: ['suppressed_address'], reads: ['customer', 'message'] },
  controllers: [SuppressionsController],
  providers: [SuppressionsService],
  exports: [SuppressionsService],
  access: {
    suppression: {
      director: 'all',
      'branch-manager': 'branch',
      marketer: 'branch',
      agent: { read: 'branch', create: 'branch' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'suppressions', description: 'Who gets no advertising, whatever consent says.' }],
})
export class SuppressionsModule {}
