import { ServiceModule } from '@quen/chassis';
import { BranchesModule } from './branches/branches.module.js';
import { ClientsModule } from './clients/clients.module.js';
import { createAdministratorClient } from './clients/create-administrator-client.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { DepartmentsModule } from './departments/departments.module.js';
import { IssuerModule } from './issuer/issuer.module.js';
import { RolesModule } from './roles/roles.module.js';
import { createAdministrator } from './staff/create-administrator.js';
import { StaffModule } from './staff/staff.module.js';

/** Who works for the firm, where, as what, and how they prove it. */
@ServiceModule({
  name: 'identity',
  title: 'Quen Identity',
  description: 'Staff, roles, departments and branches, and the OpenID Connect issuer for firms without one.',
  migrations: import.meta.dirname,
  branchReplica: false,
  commands: { 'create-administrator': createAdministrator, 'create-administrator-client': createAdministratorClient },
  slices: [BranchesModule, DepartmentsModule, StaffModule, ClientsModule, RolesModule, IssuerModule, CredentialsModule],
})
export class IdentityModule {}
