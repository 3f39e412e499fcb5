import { ServiceConfig } from '@quen/chassis';

/** Environment of the support service. */
export class SupportConfig extends ServiceConfig {}
