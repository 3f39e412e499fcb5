import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  IfMatch,
  List,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import { netAmounts } from './quote-arithmetic.js';
import type { Quote } from './quote.entity.js';
import { CreateQuote, QuoteDetail, QuoteView, RefuseQuote, UpdateQuote } from './quotes.dto.js';
import { quotes, QuotesService, type QuoteWithLines } from './quotes.service.js';

/** A quote with its lines, whose shares of the discount on the whole only all of them together tell. */
function detail({ quote, lines }: QuoteWithLines): ShownAs<QuoteDetail> {
  const net = netAmounts(lines, quote);
  return { ...quote, lines: lines.map((line, index) => ({ ...line, netAmount: net[index] ?? line.amount })) };
}

@ApiTags('quotes')
@Controller('quotes')
export class QuotesController {
  constructor(private readonly service: QuotesService) {}

  /** Drafts a quote; every line is priced from the price books and keeps the reasons. */
  @Post()
  @Allow('quote', 'create')
  @Shows(QuoteDetail, 201)
  async createQuote(@Body() body: CreateQuote, @CurrentUser() caller: Principal): Promise<ShownAs<QuoteDetail>> {
    return detail(await this.service.create(body, caller));
  }

  /** Lists quotes, each revision for itself. */
  @Get()
  @Allow('quote', 'read')
  @ApiList(quotes, QuoteView)
  listQuotes(@List(quotes) query: ParsedList): Promise<Page<Quote>> {
    return this.service.list(query);
  }

  /** Shows a quote with its lines. */
  @Get(':id')
  @Allow('quote', 'read')
  @Shows(QuoteDetail)
  async getQuote(@UuidParam('id') id: string): Promise<ShownAs<QuoteDetail>> {
    return detail(await this.service.get(id));
  }

  /** Changes a draft and prices it anew for today. */
  @Patch(':id')
  @Allow('quote', 'update')
  @Shows(QuoteDetail)
  async updateQuote(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateQuote,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<QuoteDetail>> {
    return detail(await this.service.update(id, version, body, caller));
  }

  /** Issues a quote; from now on it never changes, and an earlier revision that was out gives way. */
  @Post(':id/issue')
  @HttpCode(200)
  @Allow('quote', 'issue')
  @Shows(QuoteDetail)
  async issueQuote(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<QuoteDetail>> {
    return detail(await this.service.issue(id, version, caller));
  }

  /** Notes that the customer accepted. */
  @Post(':id/accept')
  @HttpCode(200)
  @Allow('quote', 'decide')
  @Shows(QuoteDetail)
  async acceptQuote(@UuidParam('id') id: string, @IfMatch() version: number): Promise<ShownAs<QuoteDetail>> {
    return detail(await this.service.accept(id, version));
  }

  /** Notes that the customer refused, with the reason. */
  @Post(':id/refuse')
  @HttpCode(200)
  @Allow('quote', 'decide')
  @Shows(QuoteDetail)
  async refuseQuote(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: RefuseQuote,
  ): Promise<ShownAs<QuoteDetail>> {
    return detail(await this.service.refuse(id, version, body.reason));
  }

  /** Drafts a new revision under the same code; the one it comes from stays as it is. */
  @Post(':id/revise')
  @Allow('quote', 'create')
  @Shows(QuoteDetail, 201)
  async reviseQuote(@UuidParam('id') id: string): Promise<ShownAs<QuoteDetail>> {
    return detail(await this.service.revise(id));
  }
}
