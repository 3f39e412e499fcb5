import { Slice } from '@quen/chassis';
import { Calendar } from './calendar.entity.js';
import { CalendarsController } from './calendars.controller.js';
import { CalendarsService } from './calendars.service.js';

@Slice({
  entities: [Calendar],
  tables: { owns: ['holiday'] },
  controllers: [CalendarsController],
  providers: [CalendarsService],
  exports: [CalendarsService],
  access: {
    calendar: {
      director: 'all',
      'branch-manager': { read: 'all' },
      agent: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'calendars', description: 'When work is done, and holidays' }],
})
export class CalendarsModule {}
