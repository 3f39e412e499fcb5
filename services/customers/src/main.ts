import { start } from '@quen/chassis';
import { CustomersConfig } from './customers.config.js';
import { CustomerDatabaseModule } from './customers.module.js';

await start(CustomerDatabaseModule, CustomersConfig);
