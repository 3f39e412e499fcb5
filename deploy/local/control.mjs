import { randomBytes, timingSafeEqual } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Lets `npm run dev` take a service over for as long as its connection lasts: one line of JSON asks, one answers.
 * @param {import('./supervisor.mjs').Supervisor} supervisor
 * @param {(name: string) => NodeJS.ProcessEnv} environment of a service
 * @returns {Promise<{ port: number, token: string, close: () => void }>}
 */
export async function openControl(supervisor, environment) {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((socket) => {
    let taken = '';
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (taken) void supervisor.resume(taken);
    });
    createInterface({ input: socket })
      .on('error', () => undefined)
      .once('line', async (line) => {
        try {
          const asked = JSON.parse(line);
          if (!same(String(asked.token), token)) throw new Error('not allowed');
          await supervisor.release(asked.take);
          taken = asked.take;
          supervisor.say(`${taken} is in the hands of npm run dev`);
          socket.write(`${JSON.stringify({ env: environment(taken) })}\n`);
        } catch (error) {
          socket.end(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
        }
      });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  server.unref();
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { port, token, close: () => server.close() };
}

/**
 * Takes a service over from the running stack until the returned function is called or this process ends.
 * @param {{ port: number, token: string }} control
 * @param {string} name
 * @returns {Promise<{ env: NodeJS.ProcessEnv, giveBack: () => void, lost: Promise<void> }>} lost: the stack has ended
 */
export async function takeOver(control, name) {
  const socket = connect(control.port, '127.0.0.1');
  const lost = new Promise((resolve) => socket.once('close', () => resolve(undefined)));
  socket.write(`${JSON.stringify({ token: control.token, take: name })}\n`);
  const line = await new Promise((resolve, reject) => {
    socket.once('error', reject);
    createInterface({ input: socket }).once('line', resolve);
  });
  const answer = JSON.parse(/** @type {string} */ (line));
  if (answer.error) throw new Error(answer.error);
  return { env: answer.env, giveBack: () => socket.destroy(), lost: /** @type {Promise<void>} */ (lost) };
}

/** @param {string} given @param {string} wanted */
function same(given, wanted) {
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}
