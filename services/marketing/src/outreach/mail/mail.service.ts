import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import { MarketingConfig } from '../../marketing.config.js';

/** A mail to one person. */
export interface Mail {
  /**
   * Unique part of the Message-ID, the same however often the mail is tried, so that the receiving side can drop a
   * repetition.
   */
  id: string;
  to: string;
  toName: string;
  subject: string;
  html: string;
  text: string;
  headers: Record<string, string>;
}

/** How handing a mail over ended. */
export type MailOutcome =
  /** The server took it. */
  | { kind: 'accepted'; answer: string }
  /** The address does not exist, or takes no mail. */
  | { kind: 'bounced'; answer: string }
  /** The server refuses this mail for good. */
  | { kind: 'rejected'; answer: string }
  /** The server asks to try again, and has not taken it. */
  | { kind: 'deferred'; answer: string }
  /** No server could be reached, so nothing was handed over. */
  | { kind: 'unreachable'; answer: string }
  /** The connection broke after the text went out: the server may have taken it or not. */
  | { kind: 'unknown'; answer: string };

/** Hands mails over by SMTP. */
@Injectable()
export class MailService implements OnApplicationShutdown {
  private readonly domain: string;
  private transport: Transporter<SMTPPool.SentMessageInfo> | undefined;

  constructor(private readonly config: MarketingConfig) {
    this.domain = /@([^\s>]+)/.exec(config.MAIL_FROM)?.[1] ?? 'localhost';
  }

  /** Sends one mail; never throws, as each way to fail is an outcome of its own. */
  async send(mail: Mail): Promise<MailOutcome> {
    try {
      const info = await this.connected().sendMail({
        from: this.config.MAIL_FROM,
        to: { name: mail.toName, address: mail.to },
        subject: mail.subject,
        html: mail.html,
        text: mail.text,
        messageId: `<${mail.id}@${this.domain}>`,
        headers: mail.headers,
      });
      return { kind: 'accepted', answer: info.response.slice(0, 500) };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  onApplicationShutdown(): void {
    this.transport?.close();
  }

  private connected(): Transporter<SMTPPool.SentMessageInfo> {
    this.transport ??= createTransport({
      url: this.config.SMTP_URL,
      pool: true,
      maxConnections: this.config.SMTP_CONNECTIONS,
      maxMessages: 500,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 60_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    } as SMTPPool.Options);
    return this.transport;
  }
}

/** What an error of the mail client says about the mail. */
export function outcomeOf(error: unknown): MailOutcome {
  const { responseCode, command, message, response, code } = error as {
    responseCode?: number;
    command?: string;
    message?: string;
    response?: string;
    code?: string;
  };
  const answer = (response ?? message ?? String(error)).slice(0, 500);
  if (responseCode === undefined)
    return command === 'DATA' ||
      (code === 'ESOCKET' && command !== 'CONN') ||
      (code === 'ETIMEDOUT' && command !== 'CONN')
      ? { kind: 'unknown', answer }
      : { kind: 'unreachable', answer };
  if (responseCode >= 500) return command === 'RCPT TO' ? { kind: 'bounced', answer } : { kind: 'rejected', answer };
  return { kind: 'deferred', answer };
}
