import { newId } from '@quen/messaging';
import {
  aCustomer,
  eventually,
  match,
  startService,
  type Answer,
  type Client,
  type Json,
  type TestService,
} from '@quen/testing';

/** An amount in đồng as it is written in JSON. */
export function vnd(amount: number): { amount: string; currency: string } {
  return { amount: String(amount), currency: 'VND' };
}

/** Something that has a version, as it was last seen. */
export interface Seen {
  id: string;
  version: number;
}

/** Sales under test, with a branch, a seller of it, a customer and a product that costs a million. */
export class Sales {
  readonly branchId = newId();
  /** The seller. */
  readonly me = newId();
  readonly buyer = aCustomer({ branchId: this.branchId });
  readonly seller: Client;
  readonly manager: Client;
  readonly accountant: Client;
  readonly director: Client;

  private constructor(
    readonly service: TestService,
    readonly productId: string,
  ) {
    this.seller = service.as({ roles: ['seller'], branchId: this.branchId, subject: this.me });
    this.manager = service.as({ roles: ['branch-manager'], branchId: this.branchId, subject: newId() });
    this.accountant = service.as({ roles: ['accountant'], subject: newId() });
    this.director = service.as({ roles: ['director'], subject: newId() });
  }

  static async start(env: Record<string, string> = {}): Promise<Sales> {
    const service = await startService('sales', { env });
    const { body } = await service.as({ roles: ['director'] }).post('/v1/products', {
      code: 'RO-10',
      name: 'Máy RO 10',
      unit: 'chiếc',
      listPrice: vnd(1_000_000),
      cost: vnd(600_000),
    });
    const sales = new Sales(service, body.id);
    await service.receive(sales.buyer);
    await eventually(async () =>
      expect((await sales.seller.get(`/v1/customers/${sales.buyer.customerId}/overview`)).status).toBe(200),
    );
    return sales;
  }

  stop(): Promise<void> {
    return this.service.stop();
  }

  /** Lines of so many pieces of the product. */
  pieces(quantity: string, fields: object = {}): object[] {
    return [{ productId: this.productId, quantity, ...fields }];
  }

  /** Orders something, for the buyer unless something else says for whom. */
  order(body: object, by = this.seller): Promise<Answer> {
    const derived = 'quoteId' in body || 'contractId' in body;
    return by.post('/v1/orders', { ...(derived ? {} : { customerId: this.buyer.customerId }), ...body });
  }

  /** An order that is confirmed, of three pieces unless it is said of what. */
  async confirmed(body: object = { lines: this.pieces('3') }): Promise<Json> {
    const made = await this.order(body);
    expect(made.status).toBe(201);
    return (await this.confirm(made.body)).body;
  }

  confirm(order: Seen): Promise<Answer> {
    return this.seller.post(`/v1/orders/${order.id}/confirm`, undefined, match(order));
  }

  cancel(order: Seen): Promise<Answer> {
    return this.seller.post(`/v1/orders/${order.id}/cancel`, undefined, match(order));
  }

  /** Delivers what is open, or these lines. */
  deliver(order: Seen, body: object = {}): Promise<Answer> {
    return this.seller.post(`/v1/orders/${order.id}/deliveries`, body, match(order));
  }

  invoice(order: Seen, body: object = {}, by = this.accountant): Promise<Answer> {
    return by.post(`/v1/orders/${order.id}/invoices`, body, match(order));
  }

  /** Books money that came; in cash, unless it is said how. */
  pay(order: Seen, body: object, by = this.accountant, headers: Record<string, string> = {}): Promise<Answer> {
    return by.post(`/v1/orders/${order.id}/payments`, { method: 'cash', ...body }, { ...match(order), ...headers });
  }

  /** Takes back so many pieces of the first line. */
  takeBack(order: Seen, quantity: string, body: object = {}): Promise<Answer> {
    return this.seller.post(
      `/v1/orders/${order.id}/returns`,
      { lines: [{ line: 1, quantity }], ...body },
      match(order),
    );
  }

  /** A quote that the customer has accepted. */
  async acceptedQuote(body: object): Promise<Json> {
    const quote = (await this.seller.post('/v1/quotes', body)).body;
    const issued = (await this.seller.post(`/v1/quotes/${quote.id}/issue`, undefined, match(quote))).body;
    const accepted = await this.seller.post(`/v1/quotes/${quote.id}/accept`, undefined, match(issued));
    expect(accepted.status).toBe(200);
    return accepted.body;
  }
}
