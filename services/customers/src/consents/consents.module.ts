import { Slice } from '@quen/chassis';
import { CustomerRecordsModule } from '../customers/customers.module.js';
import { ConsentEntry } from './consent-entry.entity.js';
import { ConsentsController } from './consents.controller.js';
import { ConsentsReactions } from './consents.reactions.js';
import { ConsentsService } from './consents.service.js';

@Slice({
  imports: [CustomerRecordsModule],
  entities: [ConsentEntry],
  controllers: [ConsentsController],
  reactions: [ConsentsReactions],
  providers: [ConsentsService],
  exports: [ConsentsService],
  access: {
    consent: {
      director: 'all',
      'branch-manager': 'branch',
      marketer: 'branch',
      seller: { read: 'branch', record: 'own' },
      agent: { read: 'all', record: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'Consents', description: 'The ledger of what customers consented to.' }],
})
export class ConsentsModule {}
