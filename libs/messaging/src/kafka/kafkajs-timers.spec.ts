import { createRequire } from 'node:module';
import { mendTimers } from './kafkajs-timers.js';

interface Queue {
  throttleCheckTimeoutId: unknown;
  maybeThrottle(ms: number): void;
  checkPendingRequests(): void;
  push(request: object): void;
  destroy(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue;

describe("kafkajs's request queue, mended", () => {
  const queue = new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, logger: { debug: () => undefined } });
  beforeAll(mendTimers);
  afterAll(() => queue.destroy());

  it('sets no timer when nothing waits', () => {
    queue.checkPendingRequests();
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });

  it("wakes up for a request that the broker's throttling holds back", async () => {
    queue.maybeThrottle(20);
    await new Promise<void>((sent) =>
      queue.push({ entry: { correlationId: 1, resolve: sent }, expectResponse: false, sendRequest: () => undefined }),
    );
    expect(queue.throttleCheckTimeoutId).toBeNull();
  });
});
