import { Body, Controller, Get, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, IfMatch, List, UuidParam, type Page, type ParsedList } from '@quen/chassis';
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
  @ApiCreatedResponse({ type: PriceBookView })
  async createPriceBook(@Body() body: CreatePriceBook): Promise<PriceBookView> {
    return PriceBookView.of(await this.service.create(body));
  }

  /** Lists price books. */
  @Get('price-books')
  @Allow('price', 'read')
  @ApiList(priceBooks, PriceBookView)
  async listPriceBooks(@List(priceBooks) query: ParsedList): Promise<Page<PriceBookView>> {
    const found = await this.service.list(query);
    return { ...found, data: found.data.map((book) => PriceBookView.of(book)) };
  }

  /** Shows a price book with all its prices. */
  @Get('price-books/:id')
  @Allow('price', 'read')
  @ApiOkResponse({ type: PriceBookWithPrices })
  async getPriceBook(@UuidParam('id') id: string): Promise<PriceBookWithPrices> {
    const { book, prices } = await this.service.get(id);
    return PriceBookWithPrices.with(book, prices);
  }

  /** Changes a price book, its days or whom it is for. */
  @Patch('price-books/:id')
  @Allow('price', 'update')
  @ApiOkResponse({ type: PriceBookView })
  async updatePriceBook(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdatePriceBook,
  ): Promise<PriceBookView> {
    return PriceBookView.of(await this.service.update(id, version, body));
  }

  /** Replaces all prices of a book. */
  @Put('price-books/:id/prices')
  @Allow('price', 'update')
  @ApiOkResponse({ type: PriceBookWithPrices })
  async replacePrices(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ReplacePrices,
  ): Promise<PriceBookWithPrices> {
    const { book, prices } = await this.service.replacePrices(id, version, body.prices);
    return PriceBookWithPrices.with(book, prices);
  }

  /**
   * Tells the price of a product for a customer, a quantity and a day, with the reason for or against each price there
   * is.
   */
  @Get('prices/quote')
  @Allow('price', 'read')
  @ApiOkResponse({ type: PriceView })
  explainPrice(@Query() query: PriceQuery): Promise<PriceView> {
    return this.service.quote(query);
  }
}
