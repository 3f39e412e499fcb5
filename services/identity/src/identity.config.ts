import { IsInt, IsString, Max, Min, MinLength, ValidateBy, ValidateIf } from 'class-validator';
import { ServiceConfig } from '@quen/chassis';

/** Refused in any other mode than `local`, so that no installation has a secret that someone else knows. */
function LocalOnly(): PropertyDecorator {
  return ValidateBy({
    name: 'localOnly',
    validator: {
      validate: (value, on) => value === undefined || (on?.object as IdentityConfig | undefined)?.QUEN_MODE === 'local',
      defaultMessage: () => 'must not be set outside local mode',
    },
  });
}

/** Settings of identity beyond those of every service. */
export class IdentityConfig extends ServiceConfig {
  /** Local mode only: the starter's client for scripts, with the role administrator. */
  @LocalOnly()
  LOCAL_CLIENT_ID?: string;

  @LocalOnly()
  LOCAL_CLIENT_SECRET?: string;

  /**
   * Encrypts the issuer's private keys in the database. Losing it costs a new key and everybody's sign-in, nothing
   * else.
   */
  @ValidateIf(
    (config: IdentityConfig) =>
      config.SIGNING_KEY_SECRET !== undefined || (config.servesIssuer() && config.QUEN_MODE === 'production'),
  )
  @IsString()
  @MinLength(32)
  SIGNING_KEY_SECRET?: string;

  /** Days that one key signs. */
  @IsInt()
  @Min(1)
  @Max(365)
  SIGNING_KEY_DAYS: number = 90;

  /** Minutes after which a session ends in which nobody signed in anywhere and no application renewed its tokens. */
  @IsInt()
  @Min(5)
  @Max(10_080)
  SESSION_IDLE_MINUTES: number = 60;

  /** Hours after which a session ends whatever happens. */
  @IsInt()
  @Min(1)
  @Max(168)
  SESSION_HOURS: number = 12;

  /** Whether this service is the issuer: `OIDC_ISSUER` is then its own public address with `/oidc`. */
  servesIssuer(): boolean {
    return (
      this.OIDC_ISSUER?.replace('//127.0.0.1', '//localhost') ===
      `${this.publicUrl().replace('//127.0.0.1', '//localhost')}/oidc`
    );
  }

  private publicUrl(): string {
    return this.PUBLIC_URL?.replace(/\/$/, '') ?? `http://localhost:${this.PORT}`;
  }
}
