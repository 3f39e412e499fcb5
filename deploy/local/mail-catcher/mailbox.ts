import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

export interface Mail {
  id: string;
  receivedAt: string;
  from: string;
  /** the envelope's recipients */
  to: string[];
  subject: string;
  /** names in lower case */
  headers: Record<string, string>;
  text: string;
  html: string;
}

/** Mails kept as files, one each, and in memory. */
export class Mailbox {
  /** oldest first */
  #mails: Mail[] = [];
  #next = 1;

  constructor(readonly folder: string) {}

  static async open(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const mailbox = new Mailbox(folder);
    for (const name of readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .sort()) {
      mailbox.#mails.push(JSON.parse(readFileSync(join(folder, name), 'utf8')));
      mailbox.#next = Number.parseInt(name, 10) + 1;
    }
    return mailbox;
  }

  async add(source: Buffer, to: string[]) {
    const id = String(this.#next++).padStart(6, '0');
    const parsed = await PostalMime.parse(source);
    const mail: Mail = {
      id,
      receivedAt: new Date().toISOString(),
      from: parsed.from?.address ?? '',
      to,
      subject: parsed.subject ?? '',
      headers: Object.fromEntries(parsed.headers.map((header) => [header.key, header.value])),
      text: parsed.text ?? '',
      html: parsed.html ?? '',
    };
    await writeFile(join(this.folder, `${id}.eml`), source);
    await writeFile(join(this.folder, `${id}.json`), JSON.stringify(mail));
    this.#mails.push(mail);
    return id;
  }

  /** Newest first, without bodies. */
  list({ to, limit }: { to?: string; limit: number }) {
    const found = to ? this.#mails.filter((mail) => mail.to.includes(to)) : this.#mails;
    return found
      .slice(-limit)
      .reverse()
      .map(({ text: _text, html: _html, headers: _headers, ...summary }) => summary);
  }

  get(id: string) {
    return this.#mails.find((mail) => mail.id === id);
  }

  source(id: string) {
    return readFileSync(join(this.folder, `${id}.eml`));
  }

  async clear() {
    for (const { id } of this.#mails)
      for (const ending of ['eml', 'json']) rmSync(join(this.folder, `${id}.${ending}`), { force: true });
    this.#mails = [];
  }
}
