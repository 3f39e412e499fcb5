import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, List, type Page, type ParsedList, UuidParam } from '@quen/chassis';
import { TransactionView } from './transactions.dto.js';
import { transactions, TransactionsService } from './transactions.service.js';

@ApiTags('insights')
@Controller('insights/:customerId/transactions')
export class TransactionsController {
  constructor(private readonly transactions: TransactionsService) {}

  /**
   * Profit of each transaction
   * @remarks Every order line and return of one customer, the newest first.
   */
  @Get()
  @Allow('insight', 'read')
  @ApiList(transactions, TransactionView)
  listTransactions(@UuidParam('customerId') customerId: string, @List(transactions) query: ParsedList): Promise<Page<TransactionView>> {
    return this.transactions.list(customerId, query);
  }
}
