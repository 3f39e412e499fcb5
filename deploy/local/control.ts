import { randomBytes, timingSafeEqual } from 'node:crypto';
import { connect, createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Supervisor } from './supervisor.js';

/**
 * Lets `npm run dev` take a service over for as long as its connection lasts: one line of JSON asks, one answers.
 * @param environment of a service
 */
export async function openControl(
  supervisor: Supervisor,
  environment: (name: string) => NodeJS.ProcessEnv,
): Promise<{ port: number; token: string; close: () => void }> {
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
  const { port } = server.address() as AddressInfo;
  return { port, token, close: () => server.close() };
}

/**
 * Takes a service over from the running stack until the returned function is called or this process ends.
 * @returns lost: the stack has ended
 */
export async function takeOver(
  control: { port: number; token: string },
  name: string,
): Promise<{ env: NodeJS.ProcessEnv; giveBack: () => void; lost: Promise<void> }> {
  const socket = connect(control.port, '127.0.0.1');
  const lost = new Promise((resolve) => socket.once('close', () => resolve(undefined)));
  socket.write(`${JSON.stringify({ token: control.token, take: name })}\n`);
  const line = await new Promise((resolve, reject) => {
    socket.once('error', reject);
    createInterface({ input: socket }).once('line', resolve);
  });
  const answer = JSON.parse(line as string);
  if (answer.error) throw new Error(answer.error);
  return { env: answer.env, giveBack: () => socket.destroy(), lost: lost as Promise<void> };
}

function same(given: string, wanted: string) {
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}
