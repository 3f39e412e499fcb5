import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Column, CreateDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import type { StaffRole } from '@quen/events';
import { defineProblem } from '@quen/messaging';

export const clientKinds = ['machine', 'application'] as const;

/** `machine`: a program with roles of its own. `application`: a web or native application in which staff sign in. */
export type ClientKind = (typeof clientKinds)[number];

export const clientRolesMisplaced = defineProblem('unprocessable', 'client_roles_misplaced', {
  en: 'A machine needs roles; an application has none, because it acts as whoever signed in.',
  vi: 'Máy phải có vai trò; ứng dụng thì không, vì nó làm việc thay cho người đăng nhập.',
});
export const clientRedirectsMisplaced = defineProblem('unprocessable', 'client_redirects_misplaced', {
  en: 'An application needs redirect addresses; a machine has none.',
  vi: 'Ứng dụng phải có địa chỉ chuyển hướng; máy thì không.',
});
export const clientWithoutSecret = defineProblem('unprocessable', 'client_without_secret', {
  en: 'This client has no secret: it is an application that cannot keep one.',
  vi: 'Ứng dụng này không có mã bí mật vì không giữ kín được.',
});

/** What a client is told when it is made. */
export interface ClientDetails {
  name: string;
  kind: ClientKind;
  confidential: boolean;
  roles: StaffRole[];
  branchId: string | null;
  redirectUris: string[];
  postLogoutRedirectUris: string[];
}

/** A program that gets tokens from the issuer. */
@Entity('client')
export class Client {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** What it names itself with at the token endpoint; the id unless a local setting chose another. */
  @Column({ type: 'text' })
  clientId!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  kind!: ClientKind;

  /** SHA-256 of the secret, which is 256 random bits; nothing for an application that cannot keep one. */
  @Column({ type: 'text', nullable: true })
  secretHash!: string | null;

  @Column({ type: 'text', array: true })
  roles!: StaffRole[];

  @Column({ type: 'uuid', nullable: true })
  branchId!: string | null;

  @Column({ type: 'text', array: true })
  redirectUris!: string[];

  @Column({ type: 'text', array: true })
  postLogoutRedirectUris!: string[];

  @Column({ type: 'boolean' })
  active!: boolean;

  @VersionColumn()
  version!: number;

  @CreateDateColumn({ type: 'timestamptz', update: false })
  createdAt!: Date;

  /** Makes a client; the secret is known here only and nothing when it has none. */
  static register(id: string, details: ClientDetails): { client: Client; secret: string | null } {
    const { confidential, ...rest } = details;
    const client = Object.assign(new Client(), { ...rest, id, clientId: id, active: true, secretHash: null });
    client.check();
    const secret = client.kind === 'machine' || confidential ? client.renewSecret(true) : null;
    return { client, secret };
  }

  /** Changes what was given; the kind never changes. */
  change(details: Partial<Omit<ClientDetails, 'kind' | 'confidential'> & { active: boolean }>): void {
    Object.assign(this, details);
    this.check();
  }

  /** Whether it has a secret. */
  confidential(): boolean {
    return this.secretHash !== null;
  }

  /** Replaces the secret: the old one stops working at once. */
  renewSecret(first = false): string {
    if (!first && this.secretHash === null) throw clientWithoutSecret();
    const secret = randomBytes(32).toString('base64url');
    this.secretHash = hashSecret(secret);
    return secret;
  }

  /**
   * Whether it is installed on a machine: it listens on a port of the loopback address, or the system leads to it by a
   * scheme of its own (RFC 8252).
   */
  isNative(): boolean {
    return this.redirectUris.some((uri) => /^(?!https?:)|^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)[:/?]/.test(uri));
  }

  private check(): void {
    const machine = this.kind === 'machine';
    if (machine !== this.roles.length > 0 || (!machine && this.branchId !== null)) throw clientRolesMisplaced();
    if (machine === this.redirectUris.length > 0 || (machine && this.postLogoutRedirectUris.length > 0))
      throw clientRedirectsMisplaced();
  }
}

/** Enough for random secrets: there is nothing to guess, so nothing has to be slow. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Compares in constant time. */
export function secretMatches(hash: string, secret: string): boolean {
  const expected = Buffer.from(hash);
  const actual = Buffer.from(hashSecret(secret));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
