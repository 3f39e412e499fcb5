/**
 * Sends requests to a gateway over so many connections, each sending its next request once the one before is answered.
 * In a process of its own, so that the service's time is not mixed with it. A run is `{ url, tokens, bodies, clients }`
 * from the parent.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

type Run = { url: string; tokens: string[]; bodies: string[]; clients: number };

async function load({ url, tokens, bodies, clients }: Run) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const cpu = process.cpuUsage();
  const began = performance.now();
  const waits: number[] = [];
  const answers: Record<number, number> = {};
  let next = 0;
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
        const sent = performance.now();
        const status = await post(agent, url, tokens[client % tokens.length] ?? '', body);
        waits.push(performance.now() - sent);
        answers[status] = (answers[status] ?? 0) + 1;
      }
    }),
  );
  const used = process.cpuUsage(cpu);
  agent.destroy();
  return { seconds: (performance.now() - began) / 1000, waits, answers, cpuSeconds: (used.user + used.system) / 1e6 };
}

function post(agent: Agent, url: string, token: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'idempotency-key': randomUUID(),
        },
      },
      (answer) =>
        answer
          .resume()
          .once('end', () => resolve(answer.statusCode ?? 0))
          .once('error', reject),
    );
    sent.once('error', reject).end(body);
  });
}

process.on('message', async (run: Run) => process.send?.(await load(run)));
process.once('disconnect', () => process.exit(0));
