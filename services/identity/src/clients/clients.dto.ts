import { MayBeOmitted } from '@quen/chassis';
import { staffRoles, type StaffRole } from '@quen/events';
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsOptional, IsString, IsUrl, IsUUID, Length } from 'class-validator';
import { clientKinds, type ClientKind } from './client.entity.js';

const address = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

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
  @IsUrl(address, { each: true })
  redirectUris?: string[];

  /** Where it may be returned to after signing out. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsUrl(address, { each: true })
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
  @IsUrl(address, { each: true })
  redirectUris?: string[];

  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(20)
  @IsUrl(address, { each: true })
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
  /** Nothing for an application that cannot keep a secret. */
  secret!: string | null;
}
