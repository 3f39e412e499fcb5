import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {import('../../libs/testing/dist/index.js').TestService} TestService */
/** @typedef {{ name: string, customerId: string, orderId: string, amount: number, paymentIds: string[] }} Entry */

/**
 * Writes to the gateways and keeps what was acknowledged: the judge of every fault run, which asks nothing of the services
 * about themselves. A write whose answer was lost is sent again under the same key until it is answered.
 */
export class Ledger {
  /** @type {Entry[]} */
  entries = [];
  /** @type {string[]} what no retry may hide: an answer that says that the request itself was wrong */
  wrong = [];
  /** Answers that never came or were 5xx, and were asked for again. */
  retried = 0;
  #writing = true;
  /** @type {Promise<void>[]} */
  #writers = [];

  /**
   * @param {{ customers: TestService, sales: TestService }} services
   * @param {{ branchId: string, productId: string, roles: string[] }} on
   */
  constructor(services, on) {
    this.on = on;
    const actor = { roles: on.roles, branchId: on.branchId, subject: randomUUID() };
    this.clients = { customers: services.customers.as(actor), sales: services.sales.as(actor) };
  }

  /** @param {number} writers how many write at the same time */
  write(writers) {
    this.#writers = Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; this.#writing; n++) await this.#oneCustomer(`${writer}-${n}`);
    });
  }

  /** Lets every writer finish what it began: each entry is whole. */
  async stop() {
    this.#writing = false;
    await Promise.all(this.#writers);
  }

  /** A customer is registered, orders, and pays in two parts. @param {string} name */
  async #oneCustomer(name) {
    const customer = await this.#post('customers', '/v1/customers', { displayName: `Khách ${name}`, branchId: this.on.branchId, emails: [`khach-${name}@example.vn`] });
    const amount = 100_000 + 1_000 * this.entries.length;
    // sales has to hear of the customer first: until then it answers 4xx, which is no fault
    const drafted = await this.#post('sales', '/v1/orders', { customerId: customer.id, lines: [{ productId: this.on.productId, quantity: '1', amount: { amount: String(amount), currency: 'VND' } }] }, undefined, [404, 422]);
    let order = await this.#post('sales', `/v1/orders/${drafted.id}/confirm`, undefined, drafted.version);
    const paymentIds = [];
    for (const part of [amount - 40_000, 40_000]) {
      order = await this.#post('sales', `/v1/orders/${drafted.id}/payments`, { amount: { amount: String(part), currency: 'VND' }, method: 'cash', reference: randomUUID() }, order.version);
      paymentIds.push(order.id);
    }
    this.entries.push({ name, customerId: customer.id, orderId: drafted.id, amount, paymentIds });
  }

  /**
   * @param {'customers' | 'sales'} service @param {string} path @param {unknown} body @param {number} [version] @param {number[]} [notYet]
   */
  async #post(service, path, body, version, notYet = []) {
    let key = randomUUID();
    for (const last = Date.now() + 90_000; Date.now() < last; await sleep(50)) {
      const headers = { 'idempotency-key': key, ...(version === undefined ? {} : { 'if-match': `"${version}"` }) };
      const answer = await this.clients[service].post(path, body, headers).catch(() => undefined);
      if (answer && answer.status < 300) return answer.body;
      if (answer && notYet.includes(answer.status)) key = randomUUID();
      // 409: the first try is still running in a process that is being killed, or its session has not ended yet
      else if (answer && answer.status < 500 && answer.status !== 409) {
        this.wrong.push(`${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
        throw new Error(this.wrong.at(-1));
      } else this.retried++;
    }
    throw new Error(`${path} was not answered within 90 s`);
  }
}
