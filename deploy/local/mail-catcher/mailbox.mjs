import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

/**
 * @typedef {object} Mail
 * @property {string} id
 * @property {string} receivedAt
 * @property {string} from
 * @property {string[]} to the envelope's recipients
 * @property {string} subject
 * @property {Record<string, string>} headers names in lower case
 * @property {string} text
 * @property {string} html
 */

/** Mails kept as files, one each, and in memory. */
export class Mailbox {
  /** @type {Mail[]} oldest first */
  #mails = [];
  #next = 1;

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
  }

  /** @param {string} folder */
  static async open(folder) {
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

  /** @param {Buffer} source @param {string[]} to */
  async add(source, to) {
    const id = String(this.#next++).padStart(6, '0');
    const parsed = await PostalMime.parse(source);
    /** @type {Mail} */
    const mail = {
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

  /** Newest first, without bodies. @param {{ to?: string, limit: number }} query */
  list({ to, limit }) {
    const found = to ? this.#mails.filter((mail) => mail.to.includes(to)) : this.#mails;
    return found
      .slice(-limit)
      .reverse()
      .map(({ text: _text, html: _html, headers: _headers, ...summary }) => summary);
  }

  /** @param {string} id */
  get(id) {
    return this.#mails.find((mail) => mail.id === id);
  }

  /** @param {string} id */
  source(id) {
    return readFileSync(join(this.folder, `${id}.eml`));
  }

  async clear() {
    for (const { id } of this.#mails)
      for (const ending of ['eml', 'json']) rmSync(join(this.folder, `${id}.${ending}`), { force: true });
    this.#mails = [];
  }
}
