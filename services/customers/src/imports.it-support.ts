import { BranchState, build } from '@quen/events';
import { eventually, startService, type Answer, type Client, type Json, type TestService } from '@quen/testing';

export const [haNoi, daNang] = [crypto.randomUUID(), crypto.randomUUID()];
/** The service under test, and the marketer who brings lists. */
export let customers: TestService;
export let marketer: Client;

/** A form with a file, as a browser sends it. */
export const form = (content: string | Uint8Array, fields: Record<string, string> = {}): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append(
    'file',
    new Blob([typeof content === 'string' ? content : new Uint8Array(content)], { type: 'text/csv' }),
    'list.csv',
  );
  return data;
};
/** Uploads a list. */
export const send = (
  content: string | Uint8Array,
  fields?: Record<string, string>,
  headers?: Record<string, string>,
  client = marketer,
): Promise<Answer<Json>> => client.post('/v1/customers/imports', form(content, fields), headers);
/** The import when its job has ended. */
export const finished = (id: string, client = marketer): Promise<Json> =>
  eventually(
    async () => {
      const job = (await client.get(`/v1/jobs/${id}`)).body;
      if (job.state !== 'succeeded' && job.problem?.code !== 'every_row_failed')
        throw new Error(`the job is ${job.state}: ${JSON.stringify(job)}`);
      return (await client.get(`/v1/customers/imports/${id}`)).body;
    },
    { timeoutMs: 50_000 },
  );
/** Uploads a list and waits for its end. */
export const imported = async (content: string | Uint8Array, fields?: Record<string, string>): Promise<Json> => {
  const { status, body, headers } = await send(content, fields);
  expect([status, headers.get('location')]).toEqual([202, `/v1/jobs/${body.id}`]);
  return finished(body.id);
};
/** The rows that were not taken, as a file. */
export const failedRows = async (id: string): Promise<string> =>
  (await marketer.get(`/v1/jobs/${id}/failed-rows.csv`)).body;

/** Starts the customer database with two branches, and writes lists in batches of 50 rows. */
export async function startImports(): Promise<void> {
  customers = await startService('customers', { env: { IMPORT_BATCH_ROWS: '50' } });
  marketer = customers.as({ roles: ['marketer'], branchId: haNoi });
  for (const [branchId, code] of [
    [haNoi, 'HN'],
    [daNang, 'DN'],
  ] as const)
    await customers.receive(
      build(BranchState, { branchId, version: 1, code, name: code, path: branchId, active: true }),
    );
  await eventually(async () => expect(await customers.sql('select 1 from branch')).toHaveLength(2));
}

export const stopImports = (): Promise<void> | undefined => customers?.stop();
