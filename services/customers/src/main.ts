import { start } from '@quen/chassis';
import { CustomersConfig } from './customers.config.js';
import { CustomersModule } from './customers.module.js';

await start(CustomersModule, CustomersConfig);
