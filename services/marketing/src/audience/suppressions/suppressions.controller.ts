import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
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
} from '@quen/chassis';
import { CreateSuppression, SuppressionView } from './suppressions.dto.js';
import { suppressionList, SuppressionsService, type Covering } from './suppressions.service.js';

@ApiTags('suppressions')
@Controller('suppressions')
export class SuppressionsController {
  constructor(private readonly suppressions: SuppressionsService) {}

  /**
   * Customers and addresses that get no advertising: those of customers whom the caller reaches, mere addresses for who
   * reaches all. Lifted ones with `filter[lifted]=true`.
   */
  @Get()
  @Allow('suppression', 'read')
  @ApiList(suppressionList, SuppressionView)
  listSuppressions(@List(suppressionList) query: ParsedList): Promise<Page<Covering>> {
    return this.suppressions.list(query);
  }

  /** Stops advertising to a customer or an address on a channel, at once. */
  @Post()
  @Allow('suppression', 'create')
  @Shows(SuppressionView, 201)
  createSuppression(@Body() body: CreateSuppression, @CurrentUser() by: Principal): Promise<Covering> {
    return this.suppressions.create(body, by);
  }

  @Get(':id')
  @Allow('suppression', 'read')
  @Shows(SuppressionView)
  getSuppression(@UuidParam('id') id: string): Promise<Covering> {
    return this.suppressions.get(id);
  }

  /**
   * Lifts an entry for the customer and every address that it covers; consent still has to be there for anything to be
   * sent.
   */
  @Delete(':id')
  @HttpCode(204)
  @Allow('suppression', 'delete')
  async liftSuppression(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @CurrentUser() by: Principal,
  ): Promise<void> {
    await this.suppressions.lift(id, version, by);
  }
}
