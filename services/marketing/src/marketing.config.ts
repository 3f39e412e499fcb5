import { IsInt, IsString, Matches, Max, Min, MinLength } from 'class-validator';
import { ServiceConfig } from '@quen/chassis';

/** Marketing's environment. */
export class MarketingConfig extends ServiceConfig {
  /** Where mails are handed over: `smtp://` or `smtps://`, with user and password if the server asks for them. */
  @Matches(/^smtps?:\/\/\S+$/, { message: 'must be an smtp:// or smtps:// URL' }) SMTP_URL: string =
    'smtp://127.0.0.1:1025';
  /** Connections at most to the mail server, and messages under way at the same time. */
  @IsInt() @Min(1) @Max(50) SMTP_CONNECTIONS: number = 5;
  /** Sender of every mail, `Name <address>`. */
  @IsString() @MinLength(3) MAIL_FROM: string = 'Quen <no-reply@quen.example>';
  /** Messages claimed at a time. */
  @IsInt() @Min(1) @Max(500) SEND_BATCH: number = 50;
  /** Advertising mails to one person in 24 hours; Decree 91/2020 allows one unless agreed otherwise. */
  @IsInt() @Min(1) @Max(1000) EMAIL_DAILY_CAP: number = 1;
  /**
   * Span in which no mail goes out, e.g. `21:00-07:00`; empty for none. The Decree sets hours for messages and calls,
   * not for mail.
   */
  @Matches(/^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$/, { message: 'must be HH:MM-HH:MM or empty' })
  EMAIL_QUIET_HOURS: string = '';
  /**
   * Domains, besides the mailboxes of the staff, to which tests of messages may be sent; with commas between, e.g.
   * `minhkhe.vn,agency.example`.
   */
  @Matches(/^([a-z0-9][a-z0-9.-]*(,[a-z0-9][a-z0-9.-]*)*)?$/i, {
    message: 'must be domains with commas between, or empty',
  })
  TEST_SEND_DOMAINS: string = '';
  /** Days after an answer within which an order counts for the campaign. */
  @IsInt() @Min(1) @Max(365) ATTRIBUTION_DAYS: number = 30;

  /** Address under which customers reach the links in their mails. */
  get publicUrl(): string {
    return (this.PUBLIC_URL ?? `http://localhost:${this.PORT}`).replace(/\/$/, '');
  }
}
