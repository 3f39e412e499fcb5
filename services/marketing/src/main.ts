import { start } from '@quen/chassis';
import { MarketingConfig } from './marketing.config.js';
import { MarketingModule } from './marketing.module.js';

await start(MarketingModule, MarketingConfig);
