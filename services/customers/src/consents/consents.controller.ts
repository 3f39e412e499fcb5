import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, CurrentUser, List, UuidParam, type ParsedList, type Principal } from '@quen/chassis';
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
  async listConsents(@UuidParam('id') id: string, @List(consentList) query: ParsedList): Promise<ConsentLedgerView> {
    const { current, entries } = await this.consents.ledger(id, query);
    return { current, ...entries, data: entries.data.map(viewOf) };
  }

  @Post()
  @Allow('consent', 'record')
  @ApiOperation({
    summary: 'Record consent or its withdrawal',
    description:
      'Adds an entry; none is ever changed. An entry with an older time than the present answer stays in the ledger without turning it back.',
  })
  @ApiCreatedResponse({ type: ConsentView, description: 'The entry.' })
  async recordConsent(
    @UuidParam('id') id: string,
    @Body() body: RecordConsent,
    @CurrentUser() user: Principal,
  ): Promise<ConsentView> {
    return viewOf(await this.consents.record(id, body, user.subject));
  }
}

function viewOf({ customerId: _, ...shown }: ConsentEntry): ConsentView {
  return shown;
}
