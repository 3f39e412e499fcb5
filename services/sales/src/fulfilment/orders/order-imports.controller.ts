import { Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiJob, Database, Jobs, MultipartFile, type Job, type UploadedFile } from '@quen/chassis';

@ApiTags('orders')
@Controller('orders/imports')
export class OrderImportsController {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  /**
   * Brings in a firm's history of orders from CSV with the columns customerCode, orderCode, date, productCode,
   * quantity, amount, cost.
   * A quantity below zero is a return under the code of the order that it takes back. What cannot be taken comes back
   * as a file to mend and upload again.
   */
  @Post()
  @ApiJob()
  @Allow('order', 'import')
  importOrders(@MultipartFile() file: UploadedFile): Promise<Job> {
    return this.database.transaction((tx) => this.jobs.enqueue(tx, 'order-import', {}, file));
  }
}
