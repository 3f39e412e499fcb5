import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { Database } from '@quen/chassis';
import { BranchesService } from '../branches/branches.service.js';
import { Staff } from './staff.entity.js';
import { StaffService } from './staff.service.js';

const usage = `usage: create-administrator --login NAME --name "DISPLAY NAME" [--email ADDRESS] [--branch-code CODE] [--branch-name NAME]
Makes the first administrator and prints a temporary password. The branch (by default HO) is opened when there is none with this code.`;

/**
 * The command that makes the first administrator: whoever may reach the database may run it.
 * @throws Error when the arguments are wrong or an active administrator exists, who can make others over REST
 */
export async function createAdministrator(app: INestApplicationContext, args: readonly string[]): Promise<string> {
  const { login, name, email, 'branch-code': code, 'branch-name': branchName } = read(args);
  if (!login || !name) throw new Error(usage);
  const [database, branches, staff] = [app.get(Database), app.get(BranchesService), app.get(StaffService)];
  const password = randomBytes(12).toString('base64url');
  await database.elevated(async (tx) => {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended(current_schema() || '.administrators', 0))`);
    const present = await tx
      .createQueryBuilder(Staff, 's')
      .where(`s.active and 'administrator' = any(s.roles)`)
      .getExists();
    if (present)
      throw new Error('There is an active administrator already; further ones are made over REST by an administrator.');
    const branch = (await branches.withCode(tx, code)) ?? (await branches.open({ code, name: branchName }));
    const administrator = await staff.takeOn({
      loginName: login,
      displayName: name,
      roles: ['administrator'],
      branchId: branch.id,
      ...(email ? { email } : {}),
    });
    await staff.setPassword(administrator.id, password);
  });
  return `Administrator ${login} is made. Temporary password, to be replaced at the first sign-in: ${password}`;
}

function read(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        login: { type: 'string' },
        name: { type: 'string' },
        email: { type: 'string' },
        'branch-code': { type: 'string', default: 'HO' },
        'branch-name': { type: 'string', default: 'Trụ sở chính' },
      },
    });
    return values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
