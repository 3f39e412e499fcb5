import { IsInt, Matches, Max, Min } from 'class-validator';
import { ServiceConfig } from '@quen/chassis';
import { codeFormat } from './customers/customer-code.js';

/** Settings of the customers service. */
export class CustomersConfig extends ServiceConfig {
  /** How codes of new customers are written; the braces hold the number's digits. */
  @Matches(codeFormat, { message: 'must be like KH-{000000}' }) CUSTOMER_CODE_FORMAT: string = 'KH-{000000}';
  /** Rows that an import writes in one transaction. */
  @IsInt() @Min(1) @Max(2000) IMPORT_BATCH_ROWS: number = 500;
}
