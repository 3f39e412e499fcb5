import { Slice } from '@quen/chassis';
import { BrakesService } from './brakes.service.js';
import { CredentialsService } from './credentials.service.js';

@Slice({
  tables: { owns: ['credential', 'sign_in_attempt'], writes: ['issuer_record'] },
  providers: [BrakesService, CredentialsService],
  exports: [CredentialsService, BrakesService],
})
export class CredentialsModule {}
