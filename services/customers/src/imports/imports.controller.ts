import { Allow, ApiJob, ApiList, CurrentUser, Job, languageOf, List, MultipartFile, UuidParam, type Page, type ParsedList, type Principal, type UploadedFile } from '@quen/chassis';
import { Controller, Get, Headers, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CustomerImport } from './customer-import.entity.js';
import { ImportView } from './imports.dto.js';
import { importList, ImportsService } from './imports.service.js';

@ApiTags('Imports')
@Controller('customers/imports')
export class ImportsController {
  constructor(private readonly imports: ImportsService) {}

  @Post()
  @Allow('import', 'create')
  @ApiJob()
  @ApiOperation({
    summary: 'Import a customer list',
    description: 'CSV in UTF-8 (comma, semicolon, tab or bar), with Vietnamese or English headers. Rows that cannot be taken do not stop the others: they come back as `failed-rows.csv` of the job. `dryRun=true` only tells what would happen.',
  })
  async importCustomers(
    @MultipartFile({
      mode: 'create, create-update (default) or update.',
      keys: 'By what a row\'s customer is recognised, separated by commas: code, taxCode, citizenId, phone, email, zalo. By default trusted ids, then phone or e-mail where the names agree.',
      mapping: 'JSON object, header → target or null; other headers are guessed. Consent columns: `consent:marketing:email+sms`.',
      dryRun: 'true for a preview.',
      source: 'Source of new customers; import by default.',
      sourceNote: 'Where the list comes from, e.g. the name of the seminar; the source of its consents.',
      branchId: 'Branch of rows that name none; yours by default.',
      branch: 'The same by code.',
      consentChannels: 'Channels that a consent column without a channel in its header answers for; email by default.',
      collectedAt: 'When the list was taken down, ISO 8601.',
    }) file: UploadedFile,
    @CurrentUser() user: Principal,
    @Headers('accept-language') language?: string,
  ): Promise<Job> {
    return this.imports.begin(file, user, languageOf(language));
  }

  @Get()
  @Allow('import', 'read')
  @ApiOperation({ summary: 'List imports', description: 'The newest first.' })
  @ApiList(importList, ImportView)
  async listImports(@List(importList) query: ParsedList): Promise<Page<ImportView>> {
    const page = await this.imports.list(query);
    return { ...page, data: page.data.map(viewOf) };
  }

  @Get(':id')
  @Allow('import', 'read')
  @ApiOperation({ summary: 'Read an import and its result', description: 'Counts, the meaning of each column, and what became of the first rows.' })
  @ApiOkResponse({ type: ImportView, description: 'The import.' })
  async getImport(@UuidParam('id') id: string): Promise<ImportView> {
    return viewOf(await this.imports.find(id));
  }
}

function viewOf({ ownerId: _, ...shown }: CustomerImport): ImportView {
  return { ...shown, links: { job: `/v1/jobs/${shown.id}`, failedRows: shown.rejected > 0 ? `/v1/jobs/${shown.id}/failed-rows.csv` : null } };
}
