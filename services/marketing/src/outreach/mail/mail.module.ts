import { Slice } from '@quen/chassis';
import { MailService } from './mail.service.js';

@Slice({
  providers: [MailService],
  exports: [MailService],
})
export class MailModule {}
