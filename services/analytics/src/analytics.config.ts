import { ServiceConfig } from '@quen/chassis';
import { IsNumber, Length, Min } from 'class-validator';

/** Environment of the analytics service. */
export class AnalyticsConfig extends ServiceConfig {
  /** Currency of every sum, ISO 4217. */
  @Length(3, 3) REPORTING_CURRENCY: string = 'VND';

  /** What a minute of service work costs, in the reporting currency; part of the cost to serve. */
  @IsNumber() @Min(0) COST_PER_WORKING_MINUTE: number = 2000;
}
