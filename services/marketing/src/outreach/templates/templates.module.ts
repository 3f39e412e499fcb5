import { Slice } from '@quen/chassis';
import { TemplatesService } from './templates.service.js';

@Slice({
  providers: [TemplatesService],
  exports: [TemplatesService],
})
export class TemplatesModule {}
