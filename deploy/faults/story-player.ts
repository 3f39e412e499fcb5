import { randomUUID } from 'node:crypto';
import type { Gateway, GatewayAnswer } from './gateway.js';
import type { FaultStack } from './stack.js';
import { Model, pieces, type Command } from './story-model.js';

const refusals = [400, 409, 412, 422];
/** Versions that a customer's stage adds at most, which the player may not have heard of yet. */
const maxMoves = 2;

/** Carries sequences out over the gateways, and their model along. */
export class StoryPlayer {
  constructor(
    readonly stack: FaultStack,
    readonly gateway: Gateway,
  ) {}

  /**
   * @returns what must be true in the end
   * @throws Error when an answer is not the model's
   */
  async play(commands: readonly Command[]): Promise<Model> {
    const model = new Model();
    model.displayName = `Khách ${randomUUID().slice(0, 8)}`;
    const registered = await this.#write(
      'customers',
      'POST',
      '/v1/customers',
      {
        displayName: model.displayName,
        branchId: this.stack.ground.branchId,
        emails: [`khach-${randomUUID()}@example.vn`],
      },
      { twice: true },
    );
    model.customerId = registered.body.id;
    for (const command of commands) await this.#carryOut(model, command);
    return model;
  }

  async #carryOut(model: Model, command: Command) {
    switch (command.do) {
      case 'correct':
        return this.#correct(model);
      case 'correctStale':
        return this.#mustRefuse(
          await this.#write(
            'customers',
            'PATCH',
            `/v1/customers/${model.customerId}`,
            { displayName: 'quá muộn' },
            { version: model.version + maxMoves + command.n, refusable: [412] },
          ),
          command,
        );
      case 'order':
        return model.status === 'none' ? this.#order(model, command) : undefined;
      case 'stale':
        return model.status === 'none'
          ? undefined
          : this.#mustRefuse(
              await this.#write('sales', 'POST', `/v1/orders/${model.orderId}/confirm`, undefined, {
                version: model.orderVersion + command.n,
                refusable: refusals,
              }),
              command,
            );
      default:
        return this.#advance(model, command);
    }
  }

  async #correct(model: Model) {
    const displayName = `Khách ${randomUUID().slice(0, 8)}`;
    const moves = Math.max(...model.moves, model.confirmed ? 1 : 0) - (model.version - model.written);
    const { body } = await this.#write(
      'customers',
      'PATCH',
      `/v1/customers/${model.customerId}`,
      { displayName },
      { version: model.version, moves },
    );
    if (body.version <= model.version || body.version > model.version + 1 + moves)
      throw new Error(`the customer's version is ${body.version} after ${model.version}`);
    Object.assign(model, { version: body.version, displayName, corrections: model.corrections + 1 });
  }

  /** Sales has to hear of the customer first. */
  async #order(model: Model, { twice }: Command) {
    const line = {
      productId: this.stack.ground.productId,
      quantity: String(pieces),
      amount: { amount: String(model.total), currency: 'VND' },
    };
    for (
      const deadline = performance.now() + 120_000;
      performance.now() < deadline;
      await new Promise((done) => setTimeout(done, 200))
    ) {
      const answer = await this.#write(
        'sales',
        'POST',
        '/v1/orders',
        { customerId: model.customerId, lines: [line] },
        { refusable: [409], twice },
      );
      if (answer.status < 300)
        return void Object.assign(model, {
          status: 'draft',
          orderId: answer.body.id,
          orderVersion: answer.body.version,
        });
    }
    throw new Error('sales has not heard of the customer for 120 s');
  }

  async #advance(model: Model, command: Command) {
    const request = model.request(command);
    if (!request) return;
    const answer = await this.#write('sales', 'POST', request.path, request.body, {
      version: model.orderVersion,
      refusable: request.change ? [] : refusals,
      twice: command.twice,
    });
    if (!request.change) return this.#mustRefuse(answer, command);
    request.change();
    model.changed(answer.body.version);
    const { status, paid, credited } = answer.body;
    if (status !== model.status || Number(paid.amount) !== model.paid || Number(credited.amount) !== model.credited) {
      throw new Error(
        `${JSON.stringify(command)} made the order ${status}, paid ${paid.amount}, credited ${credited.amount}; the model says ${model.status}, ${model.paid}, ${model.credited}`,
      );
    }
  }

  #mustRefuse(answer: GatewayAnswer, command: Command) {
    if (answer.status < 400) throw new Error(`${JSON.stringify(command)} was accepted, and the model refuses it`);
  }

  async #write(
    service: 'customers' | 'sales',
    method: 'POST' | 'PATCH',
    path: string,
    body: unknown,
    {
      version,
      refusable = [],
      twice = false,
      moves = 0,
    }: { version?: number; refusable?: number[]; twice?: boolean; moves?: number } = {},
  ) {
    const write = {
      method,
      path,
      body,
      key: randomUUID(),
      notYet: refusable,
      patienceMs: 180_000,
      moves,
      ...(version === undefined ? {} : { version }),
    };
    const target = this.stack.services[service];
    if (!twice || method !== 'POST') return this.gateway.write(target, write);
    const answers = await Promise.all([this.gateway.write(target, write), this.gateway.write(target, write)]);
    const accepted = answers.find(({ status }) => status < 300);
    if (!accepted) return answers[0];
    for (let other of answers) {
      // a refusal is not kept under its key: one may have been refused for what the service did not know yet when it
      // took the other
      if (refusable.includes(other.status)) other = await this.gateway.write(target, write);
      if (
        other.status !== accepted.status ||
        other.body.id !== accepted.body.id ||
        other.body.version !== accepted.body.version
      ) {
        throw new Error(
          `${method} ${path} sent twice under one key was answered ${accepted.status} ${accepted.body.id} and ${other.status} ${other.body.id}`,
        );
      }
    }
    return accepted;
  }
}
