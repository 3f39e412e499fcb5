import { Body, Controller, Get, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  IfMatch,
  List,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type ShownAs,
} from '@quen/chassis';
import type { PriceBook } from './price-book.entity.js';
import {
  CreatePriceBook,
  PriceBookView,
  PriceBookWithPrices,
  PriceQuery,
  PriceView,
  ReplacePrices,
  UpdatePriceBook,
} from './prices.dto.js';
import { priceBooks, PricesService } from './prices.service.js';

@ApiTags('prices')
@Controller()
export class PricesController {
  constructor(private readonly service: PricesService) {}

  /** Adds a price book; its prices follow by `PUT …/prices`. */
  @Post('price-books')
  @Allow('price', 'create')
  @Shows(PriceBookView, 201)
  createPriceBook(@Body() body: CreatePriceBook): Promise<PriceBook> {
    return this.service.create(body);
  }

  /** Lists price books. */
  @Get('price-books')
  @Allow('price', 'read')
  @ApiList(priceBooks, PriceBookView)
  listPriceBooks(@List(priceBooks) query: ParsedList): Promise<Page<PriceBook>> {
    return this.service.list(query);
  }

  /** Shows a price book with all its prices. */
  @Get('price-books/:id')
  @Allow('price', 'read')
  @Shows(PriceBookWithPrices)
  getPriceBook(@UuidParam('id') id: string): Promise<ShownAs<PriceBookWithPrices>> {
    return this.service.get(id);
  }

  /** Changes a price book, its days or whom it is for. */
  @Patch('price-books/:id')
  @Allow('price', 'update')
  @Shows(PriceBookView)
  updatePriceBook(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdatePriceBook,
  ): Promise<PriceBook> {
    return this.service.update(id, version, body);
  }

  /** Replaces all prices of a book. */
  @Put('price-books/:id/prices')
  @Allow('price', 'update')
  @Shows(PriceBookWithPrices)
  replacePrices(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ReplacePrices,
  ): Promise<ShownAs<PriceBookWithPrices>> {
    return this.service.replacePrices(id, version, body.prices);
  }

  /**
   * Tells the price of a product for a customer, a quantity and a day, with the reason for or against each price there
   * is.
   */
  @Get('prices/quote')
  @Allow('price', 'read')
  @Shows(PriceView)
  explainPrice(@Query() query: PriceQuery): Promise<ShownAs<PriceView>> {
    return this.service.quote(query);
  }
}
