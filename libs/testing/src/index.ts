export * from './builders.js';
export { eventually, type EventuallyOptions } from './eventually.js';
export { clockOff, newNamespace, startService, TestService, type ServiceOptions, type TestEngines } from './service.js';
export { TestBus, type EnvelopeOptions, type Published, type ScannedRecord } from './bus.js';
export { codeOf } from './code-of.js';
export { Client, match, type Answer, type Json } from './client.js';
export { startIssuer, testIssuer, type Actor, type TestIssuer, type TokenSource } from './issuer.js';
export type { ServiceProcess } from './service-process.js';
