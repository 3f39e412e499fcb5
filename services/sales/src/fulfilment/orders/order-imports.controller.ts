import { Controller, Headers, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiJob,
  Database,
  importFields,
  importParams,
  Jobs,
  languageOf,
  MultipartFile,
  type Job,
  type UploadedFile,
} from '@quen/chassis';
import { orderColumns } from './order-import.columns.js';
import { orderImportJob } from './order-import.job.js';

@ApiTags('orders')
@Controller('orders/imports')
export class OrderImportsController {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Brings in a firm's history of orders from CSV or an Excel workbook with the columns customerCode, orderCode, date,
   * productCode, quantity, amount, cost, by these or Vietnamese headings.
   * A quantity below zero is a return under the code of the order that it takes back. What cannot be taken comes back
   * as a file to mend and upload again.
   */
  @Post()
  @ApiJob()
  @Allow('order', 'import')
  async importOrders(
    @MultipartFile(importFields) file: UploadedFile,
    @Headers('accept-language') language?: string,
  ): Promise<Job> {
    // Reasons were English before a caller could say otherwise; a file that cannot be read is told by its job.
    const params = await importParams(file, orderColumns, languageOf(language ?? 'en'), { look: false });
    return this.database.transaction((tx) => this.jobs.enqueue(tx, orderImportJob, params, file));
  }
}
