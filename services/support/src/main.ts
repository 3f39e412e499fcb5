import { start } from '@quen/chassis';
import { SupportConfig } from './support.config.js';
import { SupportModule } from './support.module.js';

await start(SupportModule, SupportConfig);
