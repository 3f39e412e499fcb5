import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What is known of the work in progress. The gateway sets it for a request and the consumer for an event;
 * `Events.publish` copies it into the envelope. Other libs may add fields by interface merging.
 */
export interface MessageContext {
  /** Same for everything that one outside cause set in motion. */
  correlationId?: string;
  /** Id of the event that caused this work; absent when a person did. */
  causationId?: string;
  /** W3C trace context. */
  traceparent?: string;
  /** Subject of the person or application that acts. */
  actor?: string;
  /** The name of the actor. It is known of a request, and kept with what operators do. */
  actorName?: string;
  /** Id of the branch in which it acts. */
  branch?: string;
  roles?: readonly string[];
  scope?: string;
}

const storage = new AsyncLocalStorage<MessageContext>();
const none: MessageContext = Object.freeze({});

/** The ambient {@link MessageContext} of an asynchronous call. */
export const context = {
  /** Runs `work` in exactly this context; nothing is inherited from an outer one. */
  run<T>(values: MessageContext, work: () => T): T {
    return storage.run(values, work);
  },
  /** Runs `work` in the present context with some values replaced. */
  with<T>(values: Partial<MessageContext>, work: () => T): T {
    return storage.run({ ...context.get(), ...values }, work);
  },
  /** For frameworks whose hooks cannot wrap the rest of a call: binds the values from here on. */
  enter(values: MessageContext): void {
    storage.enterWith(values);
  },
  /** The present context; empty outside of any. */
  get(): Readonly<MessageContext> {
    return storage.getStore() ?? none;
  },
};
