import { start } from '@quen/chassis';
import { AnalyticsConfig } from './analytics.config.js';
import { AnalyticsModule } from './analytics.module.js';

await start(AnalyticsModule, AnalyticsConfig);
