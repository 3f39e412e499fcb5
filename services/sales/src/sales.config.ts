import { ServiceConfig } from '@quen/chassis';
import { IsInt, Max, Min } from 'class-validator';

/** The environment of sales. */
export class SalesConfig extends ServiceConfig {
  /** Orders that an import writes in one transaction. */
  @IsInt() @Min(1) @Max(5_000) IMPORT_BATCH_ORDERS: number = 500;
}
