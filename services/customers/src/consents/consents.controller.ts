import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  List,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import type { ConsentEntry } from './consent-entry.entity.js';
import { ConsentLedgerView, ConsentView, RecordConsent } from './consents.dto.js';
import { consentList, ConsentsService } from './consents.service.js';

@ApiTags('Consents')
@Controller('customers/:id/consents')
export class ConsentsController {
  constructor(private readonly consents: ConsentsService) {}

  @Get()
  @Allow('consent', 'read')
  @ApiOperation({
    summary: 'Read the ledger of consents',
    description: 'Every answer with source, time, wording and proof, and the answers that hold now.',
  })
  @ApiList(consentList, ConsentView)
  @ApiOkResponse({ type: ConsentLedgerView, description: 'A page of the ledger, with the answers now.' })
  async listConsents(
    @UuidParam('id') id: string,
    @List(consentList) query: ParsedList,
  ): Promise<Page<ConsentEntry> & Pick<ConsentLedgerView, 'current'>> {
    const { current, entries } = await this.consents.ledger(id, query);
    return { current, ...entries };
  }

  @Post()
  @Allow('consent', 'record')
  @ApiOperation({
    summary: 'Record consent or its withdrawal',
    description:
      'Adds an entry; none is ever changed. An entry with an older time than the present answer stays in the ledger without turning it back.',
  })
  @Shows(ConsentView, 201, 'The entry.')
  recordConsent(
    @UuidParam('id') id: string,
    @Body() body: RecordConsent,
    @CurrentUser() user: Principal,
  ): Promise<ConsentEntry> {
    return this.consents.record(id, body, user.subject);
  }
}
