import { IsBoolean, IsOptional } from 'class-validator';

/** A new signing key. */
export class RotateSigningKey {
  /** True when the present key has leaked: the new one signs at once and everything signed before is refused. */
  @IsOptional()
  @IsBoolean()
  leaked?: boolean;
}
