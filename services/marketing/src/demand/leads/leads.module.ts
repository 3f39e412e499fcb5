import { Slice } from '@quen/chassis';
import { CustomersModule } from '../../audience/customers/customers.module.js';
import { ChannelsModule } from '../channels/channels.module.js';
import { Lead } from './lead.entity.js';
import { LeadsController } from './leads.controller.js';
import { LeadsReactions } from './leads.reactions.js';
import { LeadsService } from './leads.service.js';

@Slice({
  imports: [ChannelsModule, CustomersModule],
  entities: [Lead],
  tables: {
    owns: ['lead_route'],
    reads: ['campaign', 'channel_record', 'customer', 'response', 'sales_channel'],
    writes: ['channel_day'],
  },
  controllers: [LeadsController],
  reactions: [LeadsReactions],
  providers: [LeadsService],
  exports: [LeadsService],
  access: {
    lead: {
      director: 'all',
      'branch-manager': 'branch',
      marketer: 'branch',
      seller: { read: 'own', create: 'branch' },
      agent: { create: 'branch' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'leads', description: 'Interest of customers: captured, scored and routed, with reasons.' }],
})
export class LeadsModule {}
