import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@quen/chassis';
import { defineProblem } from '@quen/messaging';
import { MarketingConfig } from '../../marketing.config.js';

export { answerPage, thanksPage, unsubscribedPage, unsubscribePage, type PageLanguage } from './link-pages.js';

/** What a link in a mail is for. */
export type LinkPurpose = 'response' | 'unsubscribe';

export const linkInvalid = defineProblem('not_found', 'link_invalid', {
  en: 'This link is not valid.',
  vi: 'Liên kết không hợp lệ.',
});

const path: Record<LinkPurpose, string> = { response: '/v1/r/', unsubscribe: '/v1/u/' };

/** Links that prove by their signature which message they came with; they carry no personal data. */
@Injectable()
export class LinksService {
  private keys: Buffer[] | undefined;

  constructor(
    private readonly database: Database,
    private readonly config: MarketingConfig,
  ) {}

  /** Both links of a message. */
  async linksOf(messageId: string): Promise<Record<LinkPurpose, string>> {
    const [key] = await this.load();
    const link = (purpose: LinkPurpose): string =>
      `${this.config.publicUrl}${path[purpose]}${token(key!, purpose, messageId)}`;
    return { response: link('response'), unsubscribe: link('unsubscribe') };
  }

  /** The message that a link came with. @throws Problem link_invalid */
  async messageOf(purpose: LinkPurpose, given: string): Promise<string> {
    const id = messageIdIn(given);
    const presented = Buffer.from(given);
    const genuine =
      id !== undefined &&
      (await this.load()).some((key) => {
        const expected = Buffer.from(token(key, purpose, id));
        return expected.length === presented.length && timingSafeEqual(expected, presented);
      });
    if (!genuine) throw linkInvalid();
    return id;
  }

  private async load(): Promise<Buffer[]> {
    this.keys ??= await this.database.elevated(async (tx) => {
      const rows: { secret: Buffer }[] = await tx.query('select secret from link_key order by id desc');
      return rows.map((row) => row.secret);
    });
    return this.keys;
  }
}

/** Message id and signature, 38 + 24 characters at most, safe in a URL. */
export function token(key: Buffer, purpose: LinkPurpose, messageId: string): string {
  const id = Buffer.from(messageId.replaceAll('-', ''), 'hex');
  const signature = createHmac('sha256', key).update(`${purpose}:${messageId}`).digest().subarray(0, 18);
  return `${id.toString('base64url')}${signature.toString('base64url')}`;
}

function messageIdIn(given: string): string | undefined {
  if (!/^[A-Za-z0-9_-]{46}$/.test(given)) return undefined;
  const hex = Buffer.from(given.slice(0, 22), 'base64url').toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
