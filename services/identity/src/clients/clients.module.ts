import { Slice } from '@quen/chassis';
import { BranchesModule } from '../branches/branches.module.js';
import { Client } from './client.entity.js';
import { ClientsController } from './clients.controller.js';
import { ClientsService } from './clients.service.js';

@Slice({
  imports: [BranchesModule],
  entities: [Client],
  controllers: [ClientsController],
  providers: [ClientsService],
  exports: [ClientsService],
  tags: [{ name: 'Clients', description: 'Programs that get tokens.' }],
})
export class ClientsModule {}
