import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { eventually, newNamespace, startService, type Json, type TestService } from '@quen/testing';
import { services as names } from '../local/settings.js';
import { operationsOf, sample, type Operation } from './document.js';

const week = { 1: [{ from: '08:00', to: '17:00' }] };
const stage = (code: string, kind: string, moves: string[]) => ({
  code,
  name: code,
  kind,
  probability: kind === 'won' ? 100 : 0,
  requires: [],
  guards: [
    {
      rule: { combinator: 'and', rules: [{ field: 'issuedQuotes', operator: '>=', value: 0 }] },
      message: 'Chưa có báo giá',
    },
  ],
  moves,
});
const money = { amount: '500000', currency: 'VND' };
const today = new Date().toISOString().slice(0, 10);

/** All six services on one bus, an administrator, and records that every operation can be asked about. */
export class Gateways {
  readonly subject: string;

  /** Ids of records, by what they are. */
  ids: Record<string, string> = {};
  operations: Operation[] = [];

  /** @param mails takes every mail, and keeps none */
  constructor(
    readonly services: Record<string, TestService>,
    readonly mails: SMTPServer,
  ) {
    this.subject = crypto.randomUUID();
  }

  static async start() {
    const namespace = newNamespace();
    const mails = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onData: (stream, _session, done) => {
        stream.resume().on('end', () => done());
      },
    });
    mails.on('error', () => undefined);
    await once(mails.listen(0, '127.0.0.1'), 'listening');
    const SMTP_URL = `smtp://127.0.0.1:${(mails.server.address() as AddressInfo).port}`;
    const started: TestService[] = [];
    try {
      // two at a time: a start is mostly work of the processor
      const waiting = [...names];
      const work = async () => {
        for (let name = waiting.shift(); name; name = waiting.shift())
          started.push(
            await startService(name, {
              namespace,
              readyWithinMs: 180_000,
              env: { RATE_LIMIT_PER_MINUTE: '0', LOG_LEVEL: 'error', ...(name === 'marketing' ? { SMTP_URL } : {}) },
            }),
          );
      };
      await Promise.all([work(), work()]);
      const gateways = new Gateways(Object.fromEntries(started.map((service) => [service.name, service])), mails);
      for (const service of started)
        gateways.operations.push(...operationsOf(service.name, (await service.anonymous.get('/openapi.json')).body));
      await gateways.#furnish();
      return gateways;
    } catch (error) {
      mails.close();
      await Promise.all(started.map((service) => service.stop()));
      throw error;
    }
  }

  administrator(service: string) {
    return this.#service(service).as({
      roles: ['administrator'],
      subject: this.subject,
      branchId: this.ids['branch'],
      name: 'Quản trị',
    });
  }

  /**
   * What another program needs to ask a gateway: address, the administrator's token, and the record that each path with
   * an id is about.
   */
  async forPrograms(service: string) {
    const { url, issuer } = this.#service(service);
    const token = await issuer.token({
      roles: ['administrator'],
      subject: this.subject,
      branchId: this.ids['branch'] ?? '',
      name: 'Quản trị',
    });
    const paths = this.operations.filter(
      (operation) => operation.service === service && operation.path.includes('{id}') && recordOf(operation),
    );
    return {
      url,
      token,
      ids: Object.fromEntries(paths.map((operation) => [operation.path, this.ids[recordOf(operation)] ?? ''])),
    };
  }

  #service(name: string) {
    const service = this.services[name];
    if (!service) throw new Error(`${name} does not run`);
    return service;
  }

  /**
   * @param id of the operation
   * @param service needed where several services have it
   */
  operation(id: string, service?: string): Operation {
    const found = this.operations.find((each) => each.id === id && (!service || each.service === service));
    if (!found) throw new Error(`There is no operation ${id}`);
    return found;
  }

  /** A body that the operation takes, with everything in it that there can be. */
  bodyOf({ id, body, document }: Operation): Json {
    const fields = { ...this.#known(), ...overrides[id] };
    return sample(body, document, '', (name) => fields[name]);
  }

  /** Values that fields of these names have, so that what is sent is about records that exist. */
  #known(): Record<string, unknown> {
    const { branch, customer, product, staff, opportunity, pipeline, segment, campaign, department, calendar, policy } =
      this.ids;
    return {
      branchId: branch,
      customerId: customer,
      productId: product,
      ownerId: staff,
      agentId: staff,
      substituteId: staff,
      opportunityId: opportunity,
      pipelineId: pipeline,
      segmentId: segment,
      campaignId: campaign,
      departmentId: department,
      calendarId: calendar,
      policyId: policy,
      amount: undefined,
      unitPrice: '1000',
      languages: ['vi'],
      citizenId: `0${String(crypto.getRandomValues(new Uint32Array(1))[0]).padStart(11, '0')}`,
      redirectUris: ['https://app.example.vn/back'],
      postLogoutRedirectUris: ['https://app.example.vn/'],
    };
  }

  /** Where an operation is, with the ids of records that are there. */
  pathOf(operation: Operation) {
    // parked records are numbered
    return operation.path
      .replace('/parked/{id}', '/parked/1')
      .replace('{id}', () => this.ids[recordOf(operation)] ?? crypto.randomUUID())
      .replace('{year}', '2027')
      .replace('{consumer}', 'crm.nobody')
      .replace(/\{\w+\}/g, () => crypto.randomUUID());
  }

  /** The version that If-Match has to name. */
  async versionOf({ service }: Operation, path: string) {
    const answer = await this.administrator(service).get(path.split('/').slice(0, 4).join('/'));
    return answer.headers.get('etag') ?? '"1"';
  }

  /**
   * Carries an operation out for an administrator; what a service has not heard of yet is asked again.
   * @param fields of the body, beside or instead of what it would hold
   * @param whole instead of the body
   */
  async act(id: string, fields: object = {}, whole?: object) {
    const operation = this.operation(id);
    const path = this.pathOf(operation);
    const body = operation.body ? (whole ?? { ...this.bodyOf(operation), ...fields }) : undefined;
    return eventually(
      async () => {
        const client = this.administrator(operation.service);
        const headers = operation.conditional ? { 'if-match': await this.versionOf(operation, path) } : undefined;
        const answer = await client[operation.method.toLowerCase() as 'post'](path, body, headers);
        if (answer.status >= 300)
          throw new Error(
            `${id} answered ${answer.status} ${JSON.stringify(answer.body)}; sent was ${JSON.stringify(body)}`,
          );
        return answer.body;
      },
      { timeoutMs: 20_000, everyMs: 100 },
    );
  }

  /** One record of each kind, made over the gateways. */
  async #furnish() {
    const ids = this.ids;
    const make = async (record: string, id: string, fields: object = {}, whole: object | undefined = undefined) => {
      ids[record] = (await this.act(id, fields, whole)).id;
    };
    await make('branch', 'openBranch', { code: 'HN', parentId: undefined });
    await make('department', 'createDepartment');
    await make('staff', 'createStaff', {
      roles: ['seller', 'agent'],
      code: undefined,
      loginName: undefined,
      email: 'nhan.vien@example.vn',
    });
    await make(
      'client',
      'registerClient',
      {},
      { name: 'Kho', kind: 'machine', roles: ['seller'], branchId: ids['branch'] },
    );
    await make(
      'customer',
      'createCustomer',
      {},
      { displayName: 'Nguyễn Thị Lan', emails: ['lan@example.vn'], phones: ['0912345678'], branchId: ids['branch'] },
    );
    await make('product', 'createProduct', { code: 'RO-1', listPrice: money, cost: money, active: true });
    await make('priceBook', 'createPriceBook', { active: true });
    await make('pipeline', 'createPipeline');
    await make('calendar', 'createCalendar');
    await make('policy', 'createSlaPolicy');
    await make(
      'segment',
      'createSegment',
      {},
      { name: 'Mọi khách', kind: 'rules', rule: { combinator: 'and', rules: [] }, branchId: ids['branch'] },
    );
    await make('static', 'createSegment', {}, { name: 'Danh sách', kind: 'static', branchId: ids['branch'] });
    await make('channel', 'createChannel', { provinces: [], capacityPerDay: 1000 });
    await make('campaign', 'createCampaign');
    const { id: lead } = await this.act('captureLead', { campaignId: undefined });
    await make('opportunity', 'createOpportunity', {
      campaignId: undefined,
      pipelineId: undefined,
      ownerId: ids['staff'],
    });
    await this.act('replaceOpportunityLines', {}, { lines: [{ productId: ids['product'], quantity: '2' }] });
    for (const quote of ['quote', 'issued', 'accepted'])
      await make(
        quote,
        'createQuote',
        {},
        { opportunityId: ids['opportunity'], lines: [{ productId: ids['product'], quantity: '1' }] },
      );
    for (const quote of ['issued', 'accepted']) await this.#on('quote', quote, () => this.act('issueQuote'));
    await this.#on('issued', 'accepted', () => this.act('acceptQuote'));
    await make('contract', 'createContract', {}, { quoteId: ids['accepted'], title: 'Hợp đồng mua bán' });
    await make(
      'order',
      'createOrder',
      {},
      { customerId: ids['customer'], lines: [{ productId: ids['product'], quantity: '100' }] },
    );
    await this.act('confirmOrder');
    await make('case', 'openCase');
    ids['lead'] = lead;
    await eventually(async () => {
      if ((await this.administrator('sales').get(`/v1/leads/${lead}`)).status !== 200)
        throw new Error('the lead has not arrived in sales');
    });
  }

  /** Does something to one record as if it were the one that its kind usually stands for. */
  async #on(usual: string, other: string, work: () => Promise<unknown>) {
    const kept = this.ids[usual];
    this.ids[usual] = this.ids[other] ?? '';
    await work();
    if (kept) this.ids[usual] = kept;
  }

  async stop() {
    this.mails.close();
    await Promise.all(Object.values(this.services).map((service) => service.stop()));
  }
}

/** The record that operations on a collection are about. */
const ofCollection: Record<string, string> = {
  branches: 'branch',
  departments: 'department',
  staff: 'staff',
  clients: 'client',
  customers: 'customer',
  products: 'product',
  'price-books': 'priceBook',
  pipelines: 'pipeline',
  leads: 'lead',
  opportunities: 'opportunity',
  quotes: 'quote',
  contracts: 'contract',
  orders: 'order',
  cases: 'case',
  'sla-policies': 'policy',
  calendars: 'calendar',
  segments: 'segment',
  campaigns: 'campaign',
  channels: 'channel',
  insights: 'customer',
};

/** The record that an operation is about where it is another one. */
const records: Record<string, string> = {
  refuseQuote: 'issued',
  acceptQuote: 'issued',
  changeSegmentMembers: 'static',
};

function recordOf({ id, path }: Operation) {
  return records[id] ?? ofCollection[path.split('/')[2] ?? ''] ?? '';
}

const stages = [stage('moi', 'open', ['thang', 'thua']), stage('thang', 'won', []), stage('thua', 'lost', [])];

/** Fields whose value does not follow from name and schema, by operation. */
const overrides: Record<string, Record<string, unknown>> = {
  createPipeline: { stages },
  updatePipeline: { stages, isDefault: true },
  createCalendar: { week },
  updateCalendar: { week, zone: 'Asia/Ho_Chi_Minh' },
  replaceHolidays: { day: '2027-02-05' },
  createCampaign: {
    startsOn: today,
    endsOn: '2099-12-31',
    planned: money,
    messageCost: { amount: '100', currency: 'VND' },
  },
  changeCampaign: {
    startsOn: today,
    endsOn: '2099-12-31',
    planned: money,
    messageCost: { amount: '100', currency: 'VND' },
  },
  createQuote: { validUntil: '2099-12-31' },
  createContract: { endsOn: '2099-12-31' },
  updateContract: { endsOn: '2099-12-31' },
  moveOpportunity: { stage: 'approach' },
  replaceRankPolicy: {
    steps: ['standard', 'bronze', 'silver', 'gold', 'diamond'].map((rank, n) => ({
      rank,
      minimumValue: n * 1_000_000,
    })),
  },
  deliverOrder: { line: 1, deliveredOn: today },
  returnGoods: { line: 1, returnedOn: today },
  invoiceOrder: { issuedOn: today, dueOn: '2099-12-31', amount: undefined },
  payOrder: { receivedOn: today },
  changeOwnPassword: { present: 'mật khẩu hiện tại', next: 'mật khẩu sau này' },
  setStaffPassword: { password: 'tam thoi 8 giọt nước' },
  startRebuild: { consumers: ['crm.nobody'], take: false },
  rereadEvents: {
    dryRun: true,
    consumer: 'crm.nobody',
    topic: 'crm.nobody.nothing.v1',
    type: 'crm.nobody.something.v1',
    since: '2026-11-01T00:00:00Z',
  },
  resetConsumer: { dryRun: true, consumer: 'crm.nobody' },
  skipParkedRecords: { dryRun: true, consumer: 'crm.nobody', id: '1' },
  replayParkedRecords: { dryRun: true, consumer: 'crm.nobody', id: '1' },
  repairParkedRecord: { value: { name: 'sửa' } },
  republishStates: { topic: 'crm.nobody.nothing.state.v1' },
};
