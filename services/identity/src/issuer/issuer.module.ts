import { Slice } from '@quen/chassis';
import { ClientsModule } from '../clients/clients.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { IssuerService } from './issuer.service.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { SigningKeys } from './signing-keys.js';

@Slice({
  imports: [StaffModule, ClientsModule, CredentialsModule],
  tables: { owns: ['issuer_record', 'signing_key'] },
  controllers: [SigningKeysController],
  providers: [SigningKeys, IssuerService],
  tags: [{ name: 'Signing keys', description: 'The keys of the OpenID Connect issuer.' }],
})
export class IssuerModule {}
