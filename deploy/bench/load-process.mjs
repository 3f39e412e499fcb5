/**
 * Sends requests to a gateway over so many connections, each sending its next request once the one before is answered.
 * In a process of its own, so that the service's time is not mixed with it. A run is `{ url, tokens, bodies, clients }`
 * from the parent.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/** @typedef {{ url: string, tokens: string[], bodies: string[], clients: number }} Run */

/** @param {Run} run */
async function load({ url, tokens, bodies, clients }) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const cpu = process.cpuUsage();
  const began = performance.now();
  /** @type {number[]} */
  const waits = [];
  /** @type {Record<number, number>} */
  const answers = {};
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

/** @param {Agent} agent @param {string} url @param {string} token @param {string} body @returns {Promise<number>} */
function post(agent, url, token, body) {
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

process.on('message', async (/** @type {Run} */ run) => process.send?.(await load(run)));
process.once('disconnect', () => process.exit(0));
