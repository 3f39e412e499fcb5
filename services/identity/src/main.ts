import { start } from '@quen/chassis';
import { IdentityConfig } from './identity.config.js';
import { IdentityModule } from './identity.module.js';

await start(IdentityModule, IdentityConfig);
