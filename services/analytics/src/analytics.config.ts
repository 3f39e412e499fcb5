import { IsNumber, Length, Matches, Min } from 'class-validator';
import { ServiceConfig } from '@quen/chassis';
import { costedChannels } from './facts/service-costs.js';

const contactCost = `(${costedChannels.join('|')})=\\d{1,12}(\\.\\d{1,4})?`;
const contactCosts = new RegExp(`^(${contactCost}(,${contactCost})*)?$`);

/** Environment of the analytics service. */
export class AnalyticsConfig extends ServiceConfig {
  /** Currency of every sum, ISO 4217. */
  @Length(3, 3) REPORTING_CURRENCY: string = 'VND';

  /** What a minute of work that was logged on a case costs, in the reporting currency; part of the cost to serve. */
  @IsNumber() @Min(0) COST_PER_WORKED_MINUTE: number = 2000;

  /**
   * What a contact costs where nobody logs minutes, in the reporting currency, by channel; `other` is for channels that
   * are not named and for contacts of unknown channel.
   */
  @Matches(contactCosts, { message: 'must be channel=cost, separated by commas, with channels of support or other' })
  COST_PER_CONTACT: string =
    'call=15000,email=10000,web=10000,chat=8000,zalo=8000,social=8000,face-to-face=50000,other=10000';
}
