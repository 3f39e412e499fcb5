import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  IfMatch,
  List,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { CreateQuote, QuoteDetail, QuoteView, RefuseQuote, UpdateQuote } from './quotes.dto.js';
import { quotes, QuotesService, type QuoteWithLines } from './quotes.service.js';

const detail = ({ quote, lines }: QuoteWithLines): QuoteDetail => QuoteDetail.with(quote, lines);

@ApiTags('quotes')
@Controller('quotes')
export class QuotesController {
  constructor(private readonly service: QuotesService) {}

  /** Drafts a quote; every line is priced from the price books and keeps the reasons. */
  @Post()
  @Allow('quote', 'create')
  @ApiCreatedResponse({ type: QuoteDetail })
  async createQuote(@Body() body: CreateQuote, @CurrentUser() caller: Principal): Promise<QuoteDetail> {
    return detail(await this.service.create(body, caller));
  }

  /** Lists quotes, each revision for itself. */
  @Get()
  @Allow('quote', 'read')
  @ApiList(quotes, QuoteView)
  async listQuotes(@List(quotes) query: ParsedList): Promise<Page<QuoteView>> {
    const found = await this.service.list(query);
    return { ...found, data: found.data.map((quote) => QuoteView.of(quote)) };
  }

  /** Shows a quote with its lines. */
  @Get(':id')
  @Allow('quote', 'read')
  @ApiOkResponse({ type: QuoteDetail })
  async getQuote(@UuidParam('id') id: string): Promise<QuoteDetail> {
    return detail(await this.service.get(id));
  }

  /** Changes a draft and prices it anew for today. */
  @Patch(':id')
  @Allow('quote', 'update')
  @ApiOkResponse({ type: QuoteDetail })
  async updateQuote(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateQuote,
    @CurrentUser() caller: Principal,
  ): Promise<QuoteDetail> {
    return detail(await this.service.update(id, version, body, caller));
  }

  /** Issues a quote; from now on it never changes, and an earlier revision that was out gives way. */
  @Post(':id/issue')
  @HttpCode(200)
  @Allow('quote', 'issue')
  @ApiOkResponse({ type: QuoteDetail })
  async issueQuote(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @CurrentUser() caller: Principal,
  ): Promise<QuoteDetail> {
    return detail(await this.service.issue(id, version, caller));
  }

  /** Notes that the customer accepted. */
  @Post(':id/accept')
  @HttpCode(200)
  @Allow('quote', 'decide')
  @ApiOkResponse({ type: QuoteDetail })
  async acceptQuote(@UuidParam('id') id: string, @IfMatch() version: number): Promise<QuoteDetail> {
    return detail(await this.service.accept(id, version));
  }

  /** Notes that the customer refused, with the reason. */
  @Post(':id/refuse')
  @HttpCode(200)
  @Allow('quote', 'decide')
  @ApiOkResponse({ type: QuoteDetail })
  async refuseQuote(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: RefuseQuote,
  ): Promise<QuoteDetail> {
    return detail(await this.service.refuse(id, version, body.reason));
  }

  /** Drafts a new revision under the same code; the one it comes from stays as it is. */
  @Post(':id/revise')
  @Allow('quote', 'create')
  @ApiCreatedResponse({ type: QuoteDetail })
  async reviseQuote(@UuidParam('id') id: string): Promise<QuoteDetail> {
    return detail(await this.service.revise(id));
  }
}
