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
import { productColumns } from './product-import.columns.js';
import { productImportJob } from './product-import.job.js';

@ApiTags('products')
@Controller('products/imports')
export class ProductImportsController {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Brings in a list of products from CSV or an Excel workbook with the columns code, name, unit and, as there are,
   * kind, category, department, listPrice, cost, active, by these or Vietnamese headings.
   * A product whose code is known is corrected by what its row says; blank cells say nothing. What cannot be taken comes
   * back as a file to mend and upload again.
   */
  @Post()
  @ApiJob()
  @Allow('product', 'import')
  async importProducts(
    @MultipartFile(importFields) file: UploadedFile,
    @Headers('accept-language') language?: string,
  ): Promise<Job> {
    const params = await importParams(file, productColumns, languageOf(language));
    return this.database.transaction((tx) => this.jobs.enqueue(tx, productImportJob, params, file));
  }
}
