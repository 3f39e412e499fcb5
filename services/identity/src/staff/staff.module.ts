import { Slice } from '@quen/chassis';
import { BranchesModule } from '../branches/branches.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { DepartmentsModule } from '../departments/departments.module.js';
import { StaffController } from './staff.controller.js';
import { Staff } from './staff.entity.js';
import { StaffService } from './staff.service.js';
import { staffStates } from './staff.states.js';

@Slice({
  imports: [BranchesModule, DepartmentsModule, CredentialsModule],
  entities: [Staff],
  tables: { reads: ['department'] },
  controllers: [StaffController],
  providers: [StaffService],
  exports: [StaffService],
  access: {
    staff: {
      director: { read: 'all', 'change-password': 'own', absence: 'all' },
      'branch-manager': { read: 'branch', 'change-password': 'own', absence: 'branch' },
      marketer: { read: 'own', 'change-password': 'own' },
      seller: { read: 'own', 'change-password': 'own' },
      agent: { read: 'own', 'change-password': 'own' },
      accountant: { read: 'own', 'change-password': 'own' },
      'data-reader': { read: 'all', 'change-password': 'own' },
    },
  },
  tags: [{ name: 'Staff', description: 'Who works for the firm, their leaves and their passwords.' }],
  states: [staffStates],
})
export class StaffModule {}
