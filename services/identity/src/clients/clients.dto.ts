import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  isURL,
  IsUUID,
  Length,
  ValidateBy,
} from 'class-validator';
import { MayBeOmitted, says } from '@quen/chassis';
import { staffRoles, type StaffRole } from '@quen/events';
import { clientKinds, type ClientKind } from './client.entity.js';

/**
 * https, http to this very machine, or a scheme of an application's own: a domain's name turned round, as nobody else
 * may register it (RFC 8252).
 */
function isWayBack(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 2_000 || value !== value.trim() || !URL.canParse(value)) return false;
  const { protocol, hostname, hash, username, password } = new URL(value);
  if (hash || value.includes('#') || username || password || value.includes('*')) return false;
  if (protocol === 'https:')
    return (
      isURL(value, { require_tld: false, require_protocol: true, protocols: ['https'] }) && !loopback.test(hostname)
    );
  if (protocol === 'http:') return loopback.test(hostname);
  return /^[a-z][a-z\d+-]*(\.[a-z\d+-]+)+:$/.test(protocol) && value.toLowerCase().startsWith(`${protocol}/`);
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** An address to which a browser may be led back. */
function IsWayBack(): PropertyDecorator {
  return ValidateBy({ name: 'isWayBack', validator: { validate: isWayBack } }, { each: true, ...says(...message) });
}

const message = [
  'must be https addresses, http to localhost or 127.0.0.1, or of a scheme such as com.example.app:/back, without fragment and password',
  'phải là địa chỉ https, http tới localhost hoặc 127.0.0.1, hoặc có lược đồ riêng như com.example.app:/back, không có phần # và mật khẩu',
] as const;

/** A program to be known to the issuer. */
export class RegisterClient {
  /** @example "Kho hàng: đồng bộ đơn" */
  @IsString()
  @Length(1, 200)
  name!: string;

  /** `machine`: a program with roles of its own. `application`: one in which staff sign in. */
  @IsIn(clientKinds)
  kind!: ClientKind;

  /** False for an application that cannot keep a secret, such as one that runs in a browser. */
  @IsOptional()
  @IsBoolean()
  confidential?: boolean;

  /** Roles of a machine. */
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @IsIn(staffRoles, { each: true })
  roles?: StaffRole[];

  /** Branch that a machine works in; its reach with roles that are bound to a branch. */
  @IsOptional()
  @IsUUID()
  branchId?: string;

  /** Where an application may be returned to after signing in. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsWayBack()
  redirectUris?: string[];

  /** Where it may be returned to after signing out. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsWayBack()
  postLogoutRedirectUris?: string[];
}

/** Changes of a client; what is left out stays. */
export class ChangeClient {
  @MayBeOmitted()
  @IsString()
  @Length(1, 200)
  name?: string;

  @MayBeOmitted()
  @IsArray()
  @ArrayUnique()
  @IsIn(staffRoles, { each: true })
  roles?: StaffRole[];

  /** Null takes the machine out of its branch. */
  @IsOptional()
  @IsUUID()
  branchId?: string | null;

  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(20)
  @IsWayBack()
  redirectUris?: string[];

  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(20)
  @IsWayBack()
  postLogoutRedirectUris?: string[];

  /** False stops the client from getting tokens. */
  @MayBeOmitted()
  @IsBoolean()
  active?: boolean;
}

/** A client as it is shown: never with its secret. */
export class ClientView {
  id!: string;
  clientId!: string;
  name!: string;
  kind!: ClientKind;
  /** Whether it has a secret. */
  confidential!: boolean;
  roles!: StaffRole[];
  branchId!: string | null;
  redirectUris!: string[];
  postLogoutRedirectUris!: string[];
  active!: boolean;
  version!: number;
  createdAt!: Date;
}

/** A client with a new secret, which is shown this once. */
export class ClientWithSecretView extends ClientView {
  /** Nothing for an application that cannot keep a secret, and in an answer that is given again. */
  secret!: string | null;
}
