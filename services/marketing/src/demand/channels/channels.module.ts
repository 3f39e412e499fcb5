import { Slice } from '@quen/chassis';
import { SalesChannel } from './channel.entity.js';
import { ChannelsController } from './channels.controller.js';
import { ChannelsService } from './channels.service.js';

@Slice({
  entities: [SalesChannel],
  tables: { owns: ['channel_day', 'channel_record'] },
  controllers: [ChannelsController],
  providers: [ChannelsService],
  exports: [ChannelsService],
  access: {
    channel: {
      director: 'all',
      'branch-manager': { read: 'all' },
      marketer: { read: 'all' },
      seller: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'channels', description: 'Sales channels to which leads are routed.' }],
})
export class ChannelsModule {}
