import { createHmac, timingSafeEqual } from 'node:crypto';

/** Where a page ended: the texts of the sort keys of its last row, and its id last. A null key is null. */
export type CursorKeys = readonly (string | null)[];

/** Makes and opens cursors: opaque, signed, and bound to the list, order and filters that they were made for. */
export class Cursors {
  constructor(private readonly secret: string) {}

  encode(keys: CursorKeys, binding: string): string {
    const body = Buffer.from(JSON.stringify(keys), 'utf8').toString('base64url');
    return `${body}.${this.sign(body, binding)}`;
  }

  /** The keys; undefined when the cursor was not made by this service for the same list, order and filters. */
  decode(cursor: string, binding: string): CursorKeys | undefined {
    const [body, signature, ...rest] = cursor.split('.');
    if (!body || !signature || rest.length) return undefined;
    const expected = Buffer.from(this.sign(body, binding));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as CursorKeys;
  }

  private sign(body: string, binding: string): string {
    return createHmac('sha256', this.secret).update(`${body}\n${binding}`).digest('base64url').slice(0, 22);
  }
}
