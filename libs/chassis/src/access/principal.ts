import type { Scope } from '../database/scope.js';

/** The caller of a request, from its access token, with the scope that the present route gives. */
export interface Principal {
  /** The caller's id: the subject claim when it is a UUID, otherwise a UUID derived from issuer and subject. */
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** The caller's branch; absent for callers who belong to none. */
  readonly branchId?: string;
  readonly department?: string;
  readonly scope: Scope;
}
