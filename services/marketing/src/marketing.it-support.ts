import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { Money, PhoneNumber, type CaseState, type CustomerState } from '@quen/events';
import {
  aBranch,
  aCase,
  aCustomer,
  clockOff,
  eventually,
  match,
  startService,
  type Client,
  type Json,
  type TestService,
  type With,
} from '@quen/testing';

/** A real mail server that keeps what it takes. */
export class Catcher {
  readonly mails: (Email & { recipient: string })[] = [];
  /** Answers by recipient, e.g. 550, instead of taking the mail. */
  readonly refusals = new Map<string, number>();
  /** Set: a mail is taken, and the answer is never given. */
  silent = false;
  private readonly server: SMTPServer;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onRcptTo: ({ address }, _session, done) => {
        const code = this.refusals.get(address);
        done(code ? Object.assign(new Error('refused by the test'), { responseCode: code }) : undefined);
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on(
          'end',
          () =>
            void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
              this.mails.push({ ...mail, recipient: session.envelope.rcptTo[0]!.address });
              if (!this.silent) done();
            }),
        );
      },
    });
    this.server.on('error', () => undefined);
  }

  static async start(): Promise<Catcher> {
    const catcher = new Catcher();
    await new Promise<void>((resolve) => catcher.server.listen(0, '127.0.0.1', resolve));
    return catcher;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Waits for mails to an address. */
  async to(address: string, count = 1): Promise<Email[]> {
    return eventually(() => {
      const found = this.mails.filter((mail) => mail.recipient === address);
      if (found.length < count) throw new Error(`${found.length} of ${count} mails to ${address} came`);
      return found;
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

const hour = 3_600_000;
const clockTime = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Ho_Chi_Minh',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/**
 * Marketing under test, with a mail server, a head office and two branches below it. Its process's clock is 3 h behind
 * and in the quiet hours: it must not matter.
 */
export class Marketing {
  readonly headOffice = randomUUID();
  readonly hanoi = randomUUID();
  readonly danang = randomUUID();

  private constructor(
    readonly service: TestService,
    readonly catcher: Catcher,
    private readonly began: number,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<Marketing> {
    const began = Date.now();
    const catcher = await Catcher.start();
    const service = await startService('marketing', {
      env: {
        ...clockOff(-3 * hour),
        SMTP_URL: catcher.url,
        EMAIL_DAILY_CAP: '1000',
        EMAIL_QUIET_HOURS: `${clockTime.format(began - 3.5 * hour)}-${clockTime.format(began - hour)}`,
        ...env,
      },
    });
    const marketing = new Marketing(service, catcher, began);
    await marketing.branches();
    return marketing;
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.catcher.stop();
  }

  /** Columns that hold times of the process's own clock, which is 3 h behind: those of the hour that began then. */
  async timesOfOwnClock(): Promise<string[]> {
    const columns = await this.service.sql<{ table: string; column: string }>(`
      select table_name as table, column_name as column from information_schema.columns where table_schema = current_schema() and data_type = 'timestamp with time zone'`);
    const counts = columns.map(
      ({ table, column }) => `
      select '${table}.${column}' as place, count(*)::int as times from "${table}" where "${column}" between $1::timestamptz - interval '181 minutes' and $1::timestamptz - interval '2 hours'`,
    );
    const found = await this.service.sql<{ place: string; times: number }>(
      `select * from (${counts.join(' union all ')}) counted where times > 0`,
      [new Date(this.began)],
    );
    return found.map(({ place, times }) => `${place}: ${times}`);
  }

  get director(): Client {
    return this.service.as({ roles: ['director'], branchId: this.headOffice });
  }
  marketerOf(branchId: string): Client {
    return this.service.as({ roles: ['marketer'], branchId });
  }

  /** A customer of the Hà Nội branch who consented to mails, as the customer database would publish it. */
  customer(fields: With<CustomerState> = {}): CustomerState {
    const customerId = randomUUID();
    return aCustomer({
      customerId,
      displayName: 'Nguyễn Thị An',
      givenName: 'An',
      title: 'Chị',
      phones: [PhoneNumber.parse('0912345678')!],
      emails: [`${customerId}@example.vn`],
      address: { text: 'Cầu Giấy, Hà Nội', province: 'Hà Nội' },
      branchId: this.hanoi,
      consents: [{ purpose: 'marketing', channel: 'email', given: true, at: '2026-01-01T00:00:00Z' }],
      registeredAt: '2026-01-01T00:00:00Z',
      ...fields,
    });
  }

  /** Publishes customers and waits until the replica has these versions. */
  async know(...customers: CustomerState[]): Promise<void> {
    await Promise.all(customers.map((customer) => this.service.receive(customer)));
    await this.replicated(customers);
  }

  async replicated(customers: CustomerState[]): Promise<void> {
    await eventually(
      async () => {
        const rows = await this.service.sql<{ id: string; version: string }>(
          'select id, version from customer where id = any($1)',
          [customers.map((customer) => customer.customerId)],
        );
        const versions = new Map(rows.map((row) => [row.id, Number(row.version)]));
        for (const customer of customers)
          if ((versions.get(customer.customerId) ?? -1) < customer.version)
            throw new Error(`customer ${customer.customerId} is not here yet\n${this.service.log.slice(-2000)}`);
      },
      { timeoutMs: 30_000 },
    );
  }

  /** A severe complaint to the Hà Nội branch, as support would publish it. */
  complaint(customerId: string, fields: With<CaseState> = {}): CaseState {
    return aCase(customerId, { branchId: this.hanoi, ...fields });
  }

  /** A segment of customers by code. */
  async segmentOf(...customers: CustomerState[]): Promise<string> {
    const created = await this.director.post('/v1/segments', {
      name: `Phân khúc ${randomUUID()}`,
      kind: 'rules',
      rule: {
        combinator: 'and',
        rules: [{ field: 'code', operator: 'in', value: customers.map((customer) => customer.code) }],
      },
    });
    if (created.status !== 201) throw new Error(JSON.stringify(created.body));
    return created.body.id as string;
  }

  draft(segmentId: string, fields: object = {}): object {
    return {
      code: `CD-${randomUUID().slice(0, 8)}`,
      name: 'Xuân 2026',
      segmentId,
      startsOn: '2026-01-01',
      endsOn: '2099-12-31',
      channel: 'email',
      planned: Money.of(10_000_000),
      messageCost: Money.of(350),
      content: {
        vi: {
          subject: 'Quà cho {{ customer.name }}',
          body: '<p>Kính gửi {{ customer.title }} {{ customer.name }}, <a href="{{ links.response }}">xem quà</a></p>',
        },
        en: {
          subject: 'A gift for {{ customer.name }}',
          body: '<p>Dear {{ customer.name }}, <a href="{{ links.response }}">see it</a></p>',
        },
      },
      ...fields,
    };
  }

  /** Drafts a campaign and launches it. */
  async launch(segmentId: string, fields: object = {}): Promise<string> {
    const drafted = await this.director.post('/v1/campaigns', this.draft(segmentId, fields));
    if (drafted.status !== 201) throw new Error(JSON.stringify(drafted.body));
    const launched = await this.director.post(
      `/v1/campaigns/${drafted.body.id}/launch`,
      undefined,
      match(drafted.body),
    );
    if (launched.status !== 200) throw new Error(JSON.stringify(launched.body));
    return drafted.body.id as string;
  }

  /** Launches a campaign for these customers alone. */
  async launchFor(...customers: CustomerState[]): Promise<string> {
    return this.launch(await this.segmentOf(...customers));
  }

  /** Some customers whom the service knows already. */
  async knownCustomers<Given extends With<CustomerState>[]>(
    ...fields: Given
  ): Promise<{ [N in keyof Given]: CustomerState }> {
    const customers = fields.map((each) => this.customer(each));
    await this.know(...customers);
    return customers as { [N in keyof Given]: CustomerState };
  }

  /** Why a campaign sends a customer nothing, once that is decided. */
  async refusal(campaignId: string, customerId: string): Promise<string | null> {
    return (await this.message(campaignId, customerId, 'refused')).reason;
  }

  /** What a campaign is now. */
  async campaign(id: string): Promise<Json> {
    return (await this.director.get(`/v1/campaigns/${id}`)).body;
  }

  /** What came of a campaign so far. */
  async results(campaignId: string): Promise<Json> {
    return (await this.director.get(`/v1/campaigns/${campaignId}/results`)).body;
  }

  /** The message of a campaign to a customer, once it is in that status. */
  async message(
    campaignId: string,
    customerId: string,
    status: string,
  ): Promise<{ id: string; status: string; reason: string | null; attempts: number }> {
    return eventually(
      async () => {
        const { body } = await this.director.get(
          `/v1/campaigns/${campaignId}/messages?filter[customerId]=${customerId}`,
        );
        if (body.data[0]?.status !== status)
          throw new Error(`message is ${JSON.stringify(body.data)}, not ${status}\n${this.service.log.slice(-2000)}`);
        return body.data[0];
      },
      { timeoutMs: 45_000 },
    );
  }

  private async branches(): Promise<void> {
    const top = aBranch('HO', { branchId: this.headOffice });
    for (const branch of [
      top,
      aBranch('HN', { branchId: this.hanoi }, top),
      aBranch('DN', { branchId: this.danang }, top),
    ])
      await this.service.receive(branch);
    await eventually(async () => expect(await this.service.sql('select 1 from branch')).toHaveLength(3), {
      timeoutMs: 30_000,
    });
  }
}

/** The path of the link to answer (`r`) or to unsubscribe (`u`) in a mail. */
export function linkIn(mail: { html?: string } | undefined, kind: 'r' | 'u'): string {
  const [link] = new RegExp(`http://[^"\\s)]+/v1/${kind}/[\\w-]+`).exec(mail?.html ?? '') ?? [];
  if (!link) throw new Error(`The mail has no such link: ${mail?.html}`);
  return new URL(link).pathname;
}
