import { ServiceConfig } from '@quen/chassis';
import { IsInt, IsTimeZone, Max, Min } from 'class-validator';

/** The environment of sales. */
export class SalesConfig extends ServiceConfig {
  /** Where the firm is: decides which day it is. */
  @IsTimeZone() TIME_ZONE: string = 'Asia/Ho_Chi_Minh';
  /** Orders that an import writes in one transaction. */
  @IsInt() @Min(1) @Max(5_000) IMPORT_BATCH_ORDERS: number = 500;
}
