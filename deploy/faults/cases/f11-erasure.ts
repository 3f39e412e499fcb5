import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestService } from '@quen/testing';
import { compact } from '../compaction.js';
import { eraseCustomer } from '../erasure.js';
import { Gateway } from '../gateway.js';
import { untilDrained } from '../judge.js';
import type { FaultCase } from '../run-case.js';
import type { FaultStack } from '../stack.js';

const topic = 'crm.customers.customer.state.v1';

const faultCase: FaultCase = {
  id: 'F11',
  title: "a customer's tombstone, then compaction: no plaintext of the person in segments or replicas",
  long: { seconds: 20, rate: 4 },
  control: { title: 'one person is not erased', durations: { seconds: 3, rate: 4 } },
  async run({ stack, durations, control, report }) {
    const { customers, sales } = stack.services;
    const gateway = new Gateway(stack.ground.branchId);
    const write = (
      service: typeof sales,
      method: 'POST' | 'PATCH',
      path: string,
      body: unknown,
      version: number = 0,
      notYet = [] as number[],
    ) => gateway.write(service, { method, path, body, ...(version ? { version } : {}), notYet, patienceMs: 30_000 });
    const people = [];
    for (let n = 0; n < Math.max((durations.seconds * durations.rate) / 4, 2); n++) {
      const secret = randomUUID().slice(0, 8);
      const person = {
        name: `Người ${secret}`,
        email: `nguoi-${secret}@example.vn`,
        phone: `+8491${String(1_000_000 + n * 7_919 + Math.floor(Math.random() * 900_000)).slice(0, 7)}`,
      };
      const { body } = await write(customers, 'POST', '/v1/customers', {
        displayName: person.name,
        branchId: stack.ground.branchId,
        emails: [person.email],
        phones: [person.phone],
      });
      const changed = await write(
        customers,
        'PATCH',
        `/v1/customers/${body.id}`,
        { displayName: `${person.name} (khách quen)` },
        body.version,
      );
      for (let drafted; drafted?.status !== 201;)
        drafted = await write(
          sales,
          'POST',
          '/v1/orders',
          { customerId: body.id, lines: [{ productId: stack.ground.productId, quantity: '1' }] },
          0,
          [409],
        );
      people.push({ ...person, id: body.id, version: changed.body.version });
    }
    report.expect((await untilDrained(stack, 60_000)) !== undefined, 'not drained within 60 s');
    const words = people.flatMap(({ name, email, phone }) => [name, email, phone.slice(1)]);
    report.expect(
      segmentsWith(stack, words).length > 0,
      'what is looked for was never there: the search finds nothing',
    );

    for (const { id, version } of people.slice(control ? 1 : 0)) await eraseCustomer(customers, id, version + 1);
    report.expect((await untilDrained(stack, 60_000)) !== undefined, 'not drained within 60 s after the erasure');
    await compact(stack, [topic]);
    // a segment that was replaced is deleted a moment later
    for (
      const deadline = performance.now() + 20_000;
      segmentsWith(stack, words).length && performance.now() < deadline;
    )
      await new Promise((done) => setTimeout(done, 500));

    for (const segment of segmentsWith(stack, words)) report.broken.push(`${segment} still holds plaintext`);
    for (const service of stack.all.filter((each) => each !== customers))
      report.broken.push(...(await rowsWith(service, words)));
    const own = await rowsWith(customers, words);
    if (own.length) report.note(`left with the owner, for the erasure of its own tables: ${own.join('; ')}`);
    report.note(`${people.length} people looked for by name, mail address and number`);
  },
};
export default faultCase;

/** Log segments of the broker, whatever their topic, that hold one of these words. */
function segmentsWith(stack: FaultStack, words: readonly string[]): string[] {
  return stack.brokers.flatMap(({ folder }) => {
    try {
      return execFileSync(
        'grep',
        ['-rlaF', '--include=*.log', ...words.flatMap((word) => ['-e', word]), join(folder, 'log')],
        { encoding: 'utf8' },
      )
        .trim()
        .split('\n')
        .map((file) => file.slice(folder.length + 1));
    } catch (error) {
      // 1: nothing was found
      if ((error as { status?: number }).status === 1) return [];
      throw error;
    }
  });
}

/** Tables of a service with rows that hold one of these words anywhere. */
async function rowsWith(service: TestService, words: readonly string[]): Promise<string[]> {
  const tables = await service.sql(
    `select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'`,
  );
  const findings: string[] = [];
  for (const { name } of tables) {
    const [{ n }] = await service.sql(
      `select count(*)::int as n from "${name}" t where exists (select 1 from unnest($1::text[]) as w (word) where strpos(t::text, w.word) > 0)`,
      [words],
    );
    if (n) findings.push(`${service.name}: ${n} rows of ${name} hold plaintext`);
  }
  return findings;
}
