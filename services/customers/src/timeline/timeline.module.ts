import { Slice } from '@quen/chassis';
import { TimelineRow } from './timeline-row.entity.js';
import { TimelineController } from './timeline.controller.js';
import { TimelineReactions } from './timeline.reactions.js';
import { TimelineService } from './timeline.service.js';

@Slice({
  entities: [TimelineRow],
  controllers: [TimelineController],
  reactions: [TimelineReactions],
  providers: [TimelineService],
  // The timeline is read with the customer. `read-sales` is how far amounts, stages and reasons of sales go, as far as
  // `order` of sales does.
  access: {
    timeline: {
      director: { read: 'all', 'read-sales': 'all' },
      'branch-manager': { read: 'branch', 'read-sales': 'branch' },
      marketer: { read: 'branch' },
      seller: { read: 'branch', 'read-sales': 'own' },
      agent: { read: 'all', 'read-sales': 'branch' },
      accountant: { read: 'branch', 'read-sales': 'all' },
      'data-reader': { read: 'all', 'read-sales': 'all' },
    },
  },
  tags: [{ name: 'Timeline', description: 'What every service did with a customer.' }],
  derived: [{ groups: ['crm.customers.timeline'], tables: { timeline_entry: {} } }],
})
export class TimelineModule {}
