import { start } from '@quen/chassis';
import { SalesConfig } from './sales.config.js';
import { SalesModule } from './sales.module.js';

await start(SalesModule, SalesConfig);
