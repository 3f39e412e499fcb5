import { Money, type CustomerRank } from '@quen/events';
import { newId } from '@quen/messaging';
import {
  aCustomer,
  anInsight,
  eventually,
  match,
  startService,
  type Answer,
  type Client,
  type Json,
  type TestService,
} from '@quen/testing';

/** Support under test, with a branch whose customers write and somebody who works on their cases. */
export class Support {
  readonly branchId = newId();
  readonly agent: Client;

  private constructor(readonly service: TestService) {
    this.agent = service.as({ roles: ['director'] });
  }

  static async start(): Promise<Support> {
    return new Support(await startService('support'));
  }

  stop(): Promise<void> {
    return this.service.stop();
  }

  /** A customer whom support has heard of. */
  async customer(): Promise<string> {
    const customer = aCustomer({ branchId: this.branchId });
    await this.service.receive(customer);
    await eventually(async () =>
      expect(
        await this.service.sql('select 1 from customer where id = $1 and version = 1', [customer.customerId]),
      ).toHaveLength(1),
    );
    return customer.customerId;
  }

  /** Has analytics say of what rank a customer is; each is worth seven million. */
  async rank(customerId: string, rank: CustomerRank, version: number): Promise<void> {
    await this.service.receive(anInsight(customerId, { version, rank, lifetimeValue: Money.of(7_000_000) }));
  }

  /** What is filled in for a case: a question of low severity. */
  question(customerId: string, fields: object = {}): object {
    return { customerId, subject: 'x', kind: 'question', severity: 'low', category: 'x', channel: 'web', ...fields };
  }

  /** Opens a severe complaint of a new customer. */
  async opened(fields: object = {}): Promise<Json> {
    const { status, body } = await this.agent.post('/v1/cases', {
      customerId: await this.customer(),
      subject: 'Máy rò nước',
      kind: 'complaint',
      severity: 'high',
      category: 'leak',
      channel: 'call',
      ...fields,
    });
    expect(status).toBe(201);
    return body;
  }

  /** Tries something on a case as it was last seen. */
  attempt(on: Json, action: string, body?: object, by = this.agent): Promise<Answer> {
    return by.post(`/v1/cases/${on.id}/${action}`, body, match(on));
  }

  /** Does something to a case as it was last seen and returns what it became. */
  async act(on: Json, action: string, body?: object): Promise<Json> {
    const answer = await this.attempt(on, action, body);
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  }

  /** Changes fields of a case as it was last seen. */
  change(on: Json, fields: object): Promise<Answer> {
    return this.agent.patch(`/v1/cases/${on.id}`, fields, match(on));
  }

  /** A case as it is now. */
  async case(id: string): Promise<Json> {
    return (await this.agent.get(`/v1/cases/${id}`)).body;
  }

  /** Where a case stands in the queue, with its points. */
  async position(id: string): Promise<Json> {
    return (await this.agent.get(`/v1/cases/${id}/queue-position`)).body;
  }

  /** Has what a consumer fills made anew from its topics, and answers what came of it. */
  async rebuilt(consumer: string): Promise<Json> {
    const operator = this.service.as({ roles: ['administrator'] });
    const wish = { consumers: [consumer], take: true, reason: 'a drill' };
    const { body: job } = await operator.post('/v1/bus/rebuilds', wish);
    return eventually(
      async () => {
        const { body } = await operator.get(`/v1/jobs/${job.id}`);
        expect(body).toMatchObject({ state: 'succeeded' });
        return body.result;
      },
      { timeoutMs: 90_000 },
    );
  }
}
