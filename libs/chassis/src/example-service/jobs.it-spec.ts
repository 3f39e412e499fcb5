import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Actor, type Answer } from '@quen/testing';
import { JobWorker } from '../jobs/job-worker.js';
import { Library } from './library.js';
import { Clock } from './library.module.js';

const seller: Actor = { roles: ['seller'], subject: randomUUID() };

describe('jobs and schedules', () => {
  let library: Library;
  beforeAll(async () => {
    library = await Library.start({ UPLOAD_LIMIT_BYTES: '100000', JOBS_CONCURRENCY: '1' });
  });
  afterAll(() => library.stop());

  function upload(csv: string, headers: Record<string, string> = {}, caller = seller): Promise<Answer> {
    const form = new FormData();
    form.append('note', 'from a test');
    form.append('file', new Blob([csv], { type: 'text/csv' }), 'books.csv');
    return library.as(caller).post('/v1/books/import', form, headers);
  }

  async function until(what: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await what())) {
      if (Date.now() > deadline) throw new Error('it did not happen in time');
      await sleep(25);
    }
  }

  async function finished(id: string, caller = seller): Promise<Answer['body']> {
    let job: Answer['body'];
    await until(async () => {
      job = (await library.as(caller).get(`/v1/jobs/${id}`)).body;
      return ['succeeded', 'failed', 'cancelled'].includes(job.state);
    });
    return job;
  }

  it('run in the background on behalf of their caller, and give back the rows that failed', async () => {
    const taken = await upload('title,author\nNăm Cam,=1+1\n,Vô Danh\n');
    expect(taken.status).toBe(202);
    expect(taken.headers.get('location')).toBe(`/v1/jobs/${taken.body.id}`);
    const job = await finished(taken.body.id);
    expect(job).toMatchObject({
      state: 'succeeded',
      kind: 'book-import',
      progress: { done: 2, total: 2, failed: 1 },
      result: { added: 1, note: 'from a test', scope: 'own' },
      links: { failedRows: `/v1/jobs/${job.id}/failed-rows.csv`, files: [`/v1/jobs/${job.id}/files/titles.txt`] },
    });
    const csv = await library.as(seller).get(job.links.failedRows);
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.body.replace('\ufeff', '').split('\r\n').slice(0, 2)).toEqual([
      'title,author,line,field,reason',
      ',Vô Danh,3,title,is empty',
    ]);
    expect((await library.as(seller).get(job.links.files[0])).body).toBe('Năm Cam\n');
  });

  it('say so when every row failed, and give back as many as there are', async () => {
    const job = await finished((await upload('title,author\n,Vô Danh\n,Vô Danh\n')).body.id);
    expect(job).toMatchObject({
      state: 'failed',
      problem: { code: 'every_row_failed', detail: expect.stringContaining('None of the 2 rows') },
      progress: { done: 2, failed: 2 },
    });
    // More than are read at a time.
    await library.sql(
      `insert into job_failed_row (job_id, line, reason, row) select $1, n, 'is empty', json_build_object('title', '', 'author', 'A' || n) from generate_series(4, 1204) n`,
      [job.id],
    );
    const lines = (await library.as(seller).get(job.links.failedRows)).body.trim().split('\r\n') as string[];
    expect([lines.length, lines[1], lines.at(-1)]).toEqual([
      1_204,
      ',Vô Danh,2,title,is empty',
      ',A1204,1204,,is empty',
    ]);
  });

  it('are seen by their owner and administrators only', async () => {
    const { body } = await upload('title\nMine alone\n');
    expect((await library.as({ roles: ['seller'] }).get(`/v1/jobs/${body.id}`)).status).toBe(404);
    expect((await library.as({ roles: ['administrator'] }).get(`/v1/jobs/${body.id}`)).status).toBe(200);
    for (const [id, caller, status] of [
      [body.id, { roles: ['seller'] }, 404],
      [randomUUID(), seller, 404],
      ['1', seller, 400],
      [body.id, undefined, 401],
    ] as [string, Actor | undefined, number][]) {
      const stream = await library.as(caller).get(`/v1/jobs/${id}/events`);
      expect([stream.status, stream.headers.get('content-type')]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
      ]);
    }
    await finished(body.id);
  });

  it("are listed, newest first: one's own, or everybody's for an administrator", async () => {
    const [mine, other]: [Actor, Actor] = [
      { roles: ['seller'], subject: randomUUID() },
      { roles: ['seller'], subject: randomUUID() },
    ];
    const ids: string[] = [];
    for (const caller of [mine, mine, other, mine]) {
      const { body } = await upload('title,author\n,Vô Danh\n', {}, caller);
      expect(await finished(body.id, caller)).toMatchObject({ state: 'failed', problem: { code: 'every_row_failed' } });
      ids.unshift(body.id);
    }
    const [last, others, ...before] = ids;
    const listed = async (caller: Actor, query = ''): Promise<Answer['body']> =>
      (await library.as(caller).get(`/v1/jobs?${query}`)).body;
    const first = await listed(mine, 'limit=2');
    expect(first).toMatchObject({
      data: [
        {
          id: last,
          kind: 'book-import',
          progress: { failed: 1 },
          links: { failedRows: `/v1/jobs/${last}/failed-rows.csv`, files: [`/v1/jobs/${last}/files/titles.txt`] },
        },
        { id: before[0] },
      ],
      hasMore: true,
    });
    expect((await listed(mine, `limit=2&cursor=${first.nextCursor}`)).data.map(({ id }: { id: string }) => id)).toEqual(
      [before[1]],
    );
    expect((await listed(other)).data.map(({ id }: { id: string }) => id)).toEqual([others]);
    expect((await listed({ roles: ['administrator'] }, 'limit=4')).data.map(({ id }: { id: string }) => id)).toEqual(
      ids,
    );
    expect((await listed(mine, 'filter[state]=running')).data).toEqual([]);
    expect((await library.as(mine).get('/v1/jobs?filter[state]=asleep')).status).toBe(400);
    expect((await library.anonymous.get('/v1/jobs')).status).toBe(401);
  });

  it('take up where they were when their process is gone', async () => {
    const rows = Array.from({ length: 8 }, (_, index) => `slow ${index}`);
    const { body } = await upload(`title\n${rows.join('\n')}\n`);
    await until(async () => (await library.sql('select done::int from job where id = $1', [body.id]))[0].done >= 2);
    // As after a kill: the lease ends and the run that had it must not go on.
    await library.sql(`update job set lease_owner = $2, lease_until = now() - interval '1 second' where id = $1`, [
      body.id,
      randomUUID(),
    ]);
    const job = await finished(body.id);
    expect(job).toMatchObject({ state: 'succeeded', progress: { done: 8, total: 8, failed: 0 } });
    expect(await library.sql(`select count(*)::int as n from book where title like 'slow _'`)).toEqual([{ n: 8 }]);
    expect((await library.sql('select attempts from job where id = $1', [body.id]))[0].attempts).toBe(2);
  });

  it('are given back when the process stops in order', async () => {
    const { body } = await upload(
      `title\n${Array.from({ length: 12 }, (_, index) => `slow stop ${index}`).join('\n')}\n`,
    );
    await until(async () => (await library.sql('select done::int from job where id = $1', [body.id]))[0].done >= 1);
    const worker = library.service.app.get(JobWorker);
    await worker.stop();
    expect((await library.sql('select state, attempts from job where id = $1', [body.id]))[0]).toEqual({
      state: 'waiting',
      attempts: 0,
    });
    worker.start();
    expect((await finished(body.id)).progress.done).toBe(12);
  });

  it('end when cancelled, keeping what was done; a stream of events follows them', async () => {
    const { body } = await upload(
      `title\n${Array.from({ length: 60 }, (_, index) => `slow cancel ${index}`).join('\n')}\n`,
    );
    const events = library.as(seller).get(`/v1/jobs/${body.id}/events`);
    await until(async () => (await library.sql('select done::int from job where id = $1', [body.id]))[0].done >= 1);
    await library.as(seller).delete(`/v1/jobs/${body.id}`);
    const job = await finished(body.id);
    expect(job.state).toBe('cancelled');
    expect(job.progress.done).toBeLessThan(60);
    expect((await events).body).toMatch(/event: progress[\s\S]*"state":"cancelled"/);
  });

  it('fail with a problem that says why', async () => {
    const { body } = await upload('title,title\nx,y\n');
    expect(await finished(body.id)).toMatchObject({
      state: 'failed',
      problem: { code: 'csv_duplicate_column', detail: 'The column title appears twice.' },
    });
  });

  it('are enqueued once under an Idempotency-Key', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const [first, second] = [await upload('title\nidem\n', key), await upload('title\nidem\n', key)];
    expect([second.status, second.body.id, second.headers.get('location')]).toEqual([
      202,
      first.body.id,
      first.headers.get('location'),
    ]);
    expect((await upload('title\nother\n', key)).body.code).toBe('idempotency_key_reused');
    await finished(first.body.id);
  });

  it('refuse files that are too large or missing', async () => {
    expect((await upload('x'.repeat(200_000))).body).toMatchObject({ status: 413, code: 'file_too_large' });
    const form = new FormData();
    form.append('note', 'no file');
    expect((await library.as(seller).post('/v1/books/import', form)).body.code).toBe('file_missing');
  });

  it('run schedules again and again, in one process at a time', async () => {
    const clock = library.service.app.get(Clock);
    const before = clock.ticks;
    await until(async () => Promise.resolve(clock.ticks >= before + 2));
    await library.sql(
      `update schedule set lease_owner = $1, lease_until = now() + interval '1 hour' where name = 'library.tick'`,
      [randomUUID()],
    );
    const [{ last_run_at: held }] = await library.sql(`select last_run_at from schedule where name = 'library.tick'`);
    await until(
      async () =>
        (await library.sql("select now() - $1::timestamptz > interval '2 seconds' as later", [held]))[0].later,
    );
    expect((await library.sql(`select last_run_at from schedule where name = 'library.tick'`))[0].last_run_at).toEqual(
      held,
    );
  });
});
