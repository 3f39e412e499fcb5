import { entityStates, Slice } from '@quen/chassis';
import { BranchState } from '@quen/events';
import { Branch } from './branch.entity.js';
import { BranchesController } from './branches.controller.js';
import { BranchesService } from './branches.service.js';

@Slice({
  entities: [Branch],
  tables: { reads: ['client', 'staff'] },
  controllers: [BranchesController],
  providers: [BranchesService],
  exports: [BranchesService],
  // The firm's structure is no secret among staff; personal records are.
  access: {
    branch: {
      director: { read: 'all' },
      'branch-manager': { read: 'all' },
      marketer: { read: 'all' },
      seller: { read: 'all' },
      agent: { read: 'all' },
      accountant: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'Branches', description: 'The tree of branches.' }],
  states: [entityStates(BranchState, Branch)],
})
export class BranchesModule {}
