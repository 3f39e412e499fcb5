import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@quen/testing';
import { services } from '../local/settings.js';
import { probe } from './probe.js';
import { installSchemathesis, runSchemathesis } from './schemathesis.js';
import { Gateways } from './stack.js';

/** Schemathesis runs so long at one gateway at the most, in seconds. */
const patience = 120;

/** Everything here is asked of all six services at once, over their public gateways, on one bus. */
describe('the gateways of all services', () => {
  const work = mkdtempSync(join(tmpdir(), 'quen-gateways-'));
  let gateways: Gateways;
  beforeAll(async () => {
    gateways = await Gateways.start();
  }, 400_000);
  afterAll(async () => {
    rmSync(work, { recursive: true, force: true });
    await gateways?.stop();
  }, 60_000);

  it('say with one code that they have not heard of a record yet, and take the same request a moment later', async () => {
    const {
      body: { id: customerId },
    } = await gateways
      .administrator('customers')
      .post('/v1/customers', { displayName: 'Trần Văn Mới', branchId: gateways.ids['branch'] });
    const requests = {
      sales: ['/v1/opportunities', { customerId, name: 'Máy lọc nước' }],
      marketing: ['/v1/leads', { customerId, source: 'call' }],
      support: [
        '/v1/cases',
        { customerId, subject: 'Rò nước', kind: 'question', severity: 'low', category: 'leak', channel: 'call' },
      ],
    };
    await Promise.all(
      Object.entries(requests).map(async ([service, [path, body]]) => {
        const key = crypto.randomUUID();
        const client = gateways.administrator(service);
        await eventually(
          async () => {
            const answer = await client.post(String(path), body, { 'idempotency-key': key });
            if (answer.status === 201) return;
            // anything else would be no reason to ask again
            if (answer.body.code !== 'request_in_progress')
              expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([
                409,
                'not_known_here_yet',
                '1',
              ]);
            throw new Error(`${service} has not heard of the customer yet`);
          },
          { timeoutMs: 30_000 },
        );
        const unknown = await client.post(String(path), {
          ...(body as object),
          customerId: crypto.randomUUID(),
        });
        expect([service, unknown.status, unknown.body.code, unknown.headers.get('retry-after')]).toEqual([
          service,
          409,
          'not_known_here_yet',
          '1',
        ]);
      }),
    );
  }, 60_000);

  it('show what was calculated of a record since, to whoever asks with its ETag', async () => {
    const path = `/v1/customers/${gateways.ids['customer']}`;
    // the stage moves once, with the order; afterwards nothing of the row itself changes
    const before = await eventually(
      async () => {
        const answer = await gateways.administrator('customers').get(path);
        if (!answer.body.insight || answer.body.lifecycle === 'prospect')
          throw new Error(`the order has not arrived: ${JSON.stringify(answer.body)}`);
        return answer;
      },
      { timeoutMs: 60_000 },
    );
    const complaint = {
      customerId: gateways.ids['customer'],
      subject: 'Máy kêu',
      kind: 'complaint',
      severity: 'low',
      category: 'noise',
      channel: 'call',
    };
    expect((await gateways.administrator('support').post('/v1/cases', complaint)).status).toBe(201);
    const after = await eventually(
      async () => {
        const answer = await gateways
          .administrator('customers')
          .get(path, { 'if-none-match': before.headers.get('etag') ?? '' });
        if (!(answer.body?.insight?.openComplaints > before.body.insight.openComplaints))
          throw new Error(`no insight has arrived: ${answer.status}`);
        return answer;
      },
      { timeoutMs: 60_000 },
    );
    expect([after.status, after.headers.get('etag')]).toEqual([200, before.headers.get('etag')]);
  }, 150_000);

  it('answer whatever stands in whatever field of their bodies, and publish what they take', async () => {
    // the operations that all services have are tried at one
    const findings = await probe(
      gateways,
      gateways.operations.filter(({ service, path }) => service === 'identity' || !path.startsWith('/v1/bus')),
    );
    expect(findings.lines).toEqual([]);
    expect(findings.unreached).toEqual([]);
    expect(findings.sent).toBeGreaterThan(4_000);
  }, 400_000);

  it('answer as their documents say, when Schemathesis asks', async () => {
    const folder = await installSchemathesis();
    const reports: Record<string, string> = {};
    const waiting = [...services];
    const run = async () => {
      for (let service = waiting.shift(); service; service = waiting.shift()) {
        const own = mkdtempSync(join(work, `${service}-`));
        const { cases, failures } = await runSchemathesis({
          folder,
          work: own,
          patience,
          chassis: service === 'support',
          ...(await gateways.forPrograms(service)),
        });
        if (failures) reports[service] = failures;
        else if (!(Number(cases) > 50)) reports[service] = `only ${cases} requests were made`;
      }
    };
    await Promise.all([run(), run()]);
    expect(reports).toEqual({});
  }, 900_000);
});
