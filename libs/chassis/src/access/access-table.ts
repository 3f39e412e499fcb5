import type { Scope } from '../database/scope.js';

/** Roles that the platform knows; an installation may add others. */
export const roles = [
  'administrator',
  'director',
  'branch-manager',
  'marketer',
  'seller',
  'agent',
  'accountant',
  'data-reader',
  'customer',
] as const;
export type Role = (typeof roles)[number];

/**
 * What one role may do: scope by resource and action, `'*'` for every action of a resource; or `'*'` for everything.
 */
export type Grants = '*' | Readonly<Record<string, Grant>>;

/** What one role may do with one resource: every action in a scope, or actions by name. */
export type Grant = Scope | Readonly<Record<string, Scope>>;

const width: Record<Scope, number> = { own: 1, branch: 2, all: 3 };

/** Who may do what in one service: permissions by role, as its module declares them. */
export class AccessTable {
  constructor(private readonly byRole: Readonly<Record<string, Grants>>) {}

  /** The widest scope that any of the roles gives for the action; undefined when none does. */
  scopeOf(callerRoles: readonly string[], resource: string, action: string): Scope | undefined {
    let widest: Scope | undefined;
    for (const role of callerRoles) {
      const scope = this.grant(role, resource, action);
      if (scope && (!widest || width[scope] > width[widest])) widest = scope;
    }
    return widest;
  }

  /**
   * True when some role is granted the action by name or by a wildcard; a permission that nobody can have is a typing
   * error.
   */
  knows(resource: string, action: string): boolean {
    return Object.keys(this.byRole).some((role) => this.grant(role, resource, action) !== undefined);
  }

  /** Roles that have the permission, with their scope, for the documentation. */
  rolesFor(resource: string, action: string): { role: string; scope: Scope }[] {
    return Object.keys(this.byRole).flatMap((role) => {
      const scope = this.grant(role, resource, action);
      return scope ? [{ role, scope }] : [];
    });
  }

  private grant(role: string, resource: string, action: string): Scope | undefined {
    const grants = Object.hasOwn(this.byRole, role) ? this.byRole[role] : undefined;
    if (!grants) return undefined;
    if (grants === '*') return 'all';
    const onResource = Object.hasOwn(grants, resource) ? grants[resource] : undefined;
    if (!onResource || typeof onResource === 'string') return onResource;
    return (Object.hasOwn(onResource, action) ? onResource[action] : undefined) ?? onResource['*'];
  }
}

/**
 * Declares who may do what in a service, e.g. `defineAccess({ seller: { opportunity: { read: 'own', win: 'own' } },
 * administrator: '*' })`.
 * What is not named is refused.
 */
export function defineAccess(
  byRole: Readonly<Partial<Record<Role, Grants>> & Record<string, Grants | undefined>>,
): AccessTable {
  return new AccessTable(
    Object.fromEntries(Object.entries(byRole).filter((entry): entry is [string, Grants] => entry[1] !== undefined)),
  );
}
