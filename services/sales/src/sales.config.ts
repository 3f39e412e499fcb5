import { IsInt, Matches, Max, Min } from 'class-validator';
import { ServiceConfig } from '@quen/chassis';

/** The environment of sales. */
export class SalesConfig extends ServiceConfig {
  /** Orders that an import writes in one transaction. */
  @IsInt() @Min(1) @Max(5_000) IMPORT_BATCH_ORDERS: number = 500;
  /**
   * The most that each role may give off the book price, in per cent; roles that are not named may give nothing.
   * Whoever has `price: override` is not bound.
   */
  @Matches(/^([^,=\s]+=(100|\d{1,2}(\.\d{1,2})?)(,(?!$)|$))*$/, {
    message: 'DISCOUNT_LIMITS must be pairs such as seller=10,branch-manager=30, in per cent',
  })
  DISCOUNT_LIMITS: string = 'seller=10,branch-manager=30';
}
