import { createRequire } from 'node:module';

interface RequestQueue {
  pending: unknown[];
  scheduleCheckPendingRequests(this: RequestQueue): void;
}

/**
 * Mends kafkajs 2.2. After every answer it sets a timer for requests held back, even when there are none. Its delay is
 * then negative, of which Node 24 warns. A request that has to wait sets its timer itself when it is pushed, so without
 * one there is nothing to wake up for.
 */
export function mendTimers(): void {
  const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
    prototype: RequestQueue;
  };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleWhenPending() {
    if (this.pending.length > 0) schedule.call(this);
  };
}
