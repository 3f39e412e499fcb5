import { entityStates, ServiceModule } from '@quen/chassis';
import { BranchState } from '@quen/events';
import { Branch } from './branches/branch.entity.js';
import { BranchesController } from './branches/branches.controller.js';
import { BranchesService } from './branches/branches.service.js';
import { Client } from './clients/client.entity.js';
import { ClientsController } from './clients/clients.controller.js';
import { ClientsService } from './clients/clients.service.js';
import { createAdministratorClient } from './clients/create-administrator-client.js';
import { BrakesService } from './credentials/brakes.service.js';
import { CredentialsService } from './credentials/credentials.service.js';
import { Department } from './departments/department.entity.js';
import { DepartmentsController } from './departments/departments.controller.js';
import { DepartmentsService } from './departments/departments.service.js';
import { identityAccess } from './identity.access.js';
import { IssuerService } from './issuer/issuer.service.js';
import { SigningKeysController } from './issuer/signing-keys.controller.js';
import { SigningKeys } from './issuer/signing-keys.js';
import { Issuer1795305600001 } from './migrations/20261122-issuer.js';
import { Staff1795305600000 } from './migrations/20261122-staff.js';
import { Security1795910400000 } from './migrations/20261129-security.js';
import { RolesController } from './roles/roles.controller.js';
import { createAdministrator } from './staff/create-administrator.js';
import { StaffController } from './staff/staff.controller.js';
import { Staff } from './staff/staff.entity.js';
import { StaffService } from './staff/staff.service.js';
import { staffStates } from './staff/staff.states.js';

/** Who works for the firm, where, as what, and how they prove it. */
@ServiceModule({
  name: 'identity',
  title: 'Quen Identity',
  description: 'Staff, roles, departments and branches, and the OpenID Connect issuer for firms without one.',
  entities: [Branch, Department, Staff, Client],
  migrations: [Staff1795305600000, Issuer1795305600001, Security1795910400000],
  states: [entityStates(BranchState, Branch), staffStates],
  access: identityAccess,
  controllers: [
    BranchesController,
    DepartmentsController,
    RolesController,
    StaffController,
    ClientsController,
    SigningKeysController,
  ],
  tags: [
    { name: 'Branches', description: 'The tree of branches.' },
    { name: 'Departments', description: 'Departments over all branches.' },
    { name: 'Roles', description: 'What staff and machines may be.' },
    { name: 'Staff', description: 'Who works for the firm, their leaves and their passwords.' },
    { name: 'Clients', description: 'Programs that get tokens.' },
    { name: 'Signing keys', description: 'The keys of the OpenID Connect issuer.' },
  ],
  branchReplica: false,
  commands: { 'create-administrator': createAdministrator, 'create-administrator-client': createAdministratorClient },
  providers: [
    BranchesService,
    DepartmentsService,
    BrakesService,
    CredentialsService,
    StaffService,
    ClientsService,
    SigningKeys,
    IssuerService,
  ],
})
export class IdentityModule {}
