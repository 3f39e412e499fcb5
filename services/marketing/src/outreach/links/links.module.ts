import { Slice } from '@quen/chassis';
import { LinksService } from './links.service.js';

@Slice({
  tables: { owns: ['link_key'] },
  providers: [LinksService],
  exports: [LinksService],
  tags: [{ name: 'links', description: 'What the links in mails lead to.' }],
})
export class LinksModule {}
