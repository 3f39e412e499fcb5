import { randomUUID } from 'node:crypto';
import { aBranch, eventually, startService, type Answer, type Client, type TestService } from '@quen/testing';

/** The customer database under test, with two branches that its people belong to. */
export class Customers {
  readonly haNoi = randomUUID();
  readonly daNang = randomUUID();
  /** Of the branch in Hà Nội. */
  readonly manager: Client;
  /** The manager of the branch in Đà Nẵng. */
  readonly elsewhere: Client;
  /** Of no branch. */
  readonly administrator: Client;

  private constructor(readonly service: TestService) {
    this.manager = this.as('branch-manager');
    this.elsewhere = service.as({ roles: ['branch-manager'], branchId: this.daNang });
    this.administrator = service.as({ roles: ['administrator'] });
  }

  static async start(env: Record<string, string> = {}): Promise<Customers> {
    const customers = new Customers(await startService('customers', { env }));
    await customers.service.receive(aBranch('HN', { branchId: customers.haNoi }));
    await customers.service.receive(aBranch('DN', { branchId: customers.daNang }));
    await eventually(async () => expect(await customers.service.sql('select 1 from branch')).toHaveLength(2));
    return customers;
  }

  stop(): Promise<void> {
    return this.service.stop();
  }

  /** Somebody of the branch in Hà Nội. */
  as(role: string, subject = randomUUID()): Client {
    return this.service.as({ roles: [role], branchId: this.haNoi, subject });
  }

  register(client: Client, body: object, headers?: Record<string, string>): Promise<Answer> {
    return client.post('/v1/customers', body, headers);
  }

  /** Changes fields of a customer as they are now. */
  async correct(client: Client, id: string, body: object): Promise<Answer> {
    const { headers } = await client.get(`/v1/customers/${id}`);
    return client.patch(`/v1/customers/${id}`, body, { 'if-match': headers.get('etag') ?? '' });
  }

  /** The ids of whom a key leads to: a code, a phone number, an id of another system, … */
  async found(client: Client, key: string): Promise<string[]> {
    const { body } = await client.get(`/v1/customers/lookup?key=${encodeURIComponent(key)}`);
    return body.data.map(({ id }: { id: string }) => id);
  }
}
