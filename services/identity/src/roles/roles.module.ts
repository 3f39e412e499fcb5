import { Slice } from '@quen/chassis';
import { RolesController } from './roles.controller.js';

@Slice({
  controllers: [RolesController],
  access: {
    role: {
      director: { read: 'all' },
      'branch-manager': { read: 'all' },
      marketer: { read: 'all' },
      seller: { read: 'all' },
      agent: { read: 'all' },
      accountant: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'Roles', description: 'What staff and machines may be.' }],
})
export class RolesModule {}
