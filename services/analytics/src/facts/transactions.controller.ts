import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  List,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { TransactionView } from './transactions.dto.js';
import { transactions, TransactionsService } from './transactions.service.js';

@ApiTags('insights')
@Controller('insights/:customerId/transactions')
export class TransactionsController {
  constructor(private readonly transactions: TransactionsService) {}

  /**
   * Profit of each transaction
   * @remarks Order lines and returns of one customer, the newest first: those of the orders that you may read.
   */
  @Get()
  @Allow('transaction', 'read')
  @ApiList(transactions, TransactionView)
  listTransactions(
    @UuidParam('customerId') customerId: string,
    @List(transactions) query: ParsedList,
    @CurrentUser() user: Principal,
  ): Promise<Page<TransactionView>> {
    return this.transactions.list(customerId, query, user);
  }
}
