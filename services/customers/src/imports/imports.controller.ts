import { Controller, Get, Headers, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiJob,
  ApiList,
  CurrentUser,
  Job,
  languageOf,
  List,
  MultipartFile,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
  type UploadedFile,
} from '@quen/chassis';
import type { Language } from '@quen/messaging';
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
    description:
      'CSV (UTF-8, UTF-16 or windows-1258; comma, semicolon, tab or bar) or an Excel workbook (.xlsx), with Vietnamese or English headers. Rows that cannot be taken do not stop the others: they come back as `failed-rows.csv` of the job. An optional cell that cannot be read is left out and told as a warning. `dryRun=true` only tells what would happen, and what was read of the first rows.',
  })
  async importCustomers(
    @MultipartFile({
      mode: 'create, create-update (default) or update.',
      keys: "By what a row's customer is recognised, separated by commas: code, taxCode, citizenId, phone, email, zalo. By default trusted ids, then phone or e-mail where the names agree.",
      mapping:
        'JSON object, header → target or null; other headers are guessed. Consent columns: `consent:marketing:email+sms`; columns that deny: `refusal:marketing:email+sms`, or `…+others` to withdraw it on every channel; the day of a consent: `consentDate`.',
      dryRun: 'true for a preview.',
      sheet: "Name of a workbook's sheet; the first one by default.",
      source: 'Source of new customers; import by default.',
      sourceNote: 'Where the list comes from, e.g. the name of the seminar; the source of its consents.',
      branchId: 'Branch of rows that name none; yours by default.',
      branch: 'The same by code.',
      consentChannels: 'Channels that a consent column without a channel in its header answers for; email by default.',
      collectedAt:
        'When the list was taken down, ISO 8601, a day or an instant: the time of its answers about consent, unless a column tells the day. A list without any day gives consent only to customers who never answered, and never undoes a refusal.',
    })
    file: UploadedFile,
    @CurrentUser() user: Principal,
    @Headers('accept-language') language?: string,
  ): Promise<Job> {
    return this.imports.begin(file, user, languageOf(language));
  }

  @Get()
  @Allow('import', 'read')
  @ApiOperation({ summary: 'List imports', description: 'The newest first.' })
  @ApiList(importList, ImportView)
  async listImports(
    @List(importList) query: ParsedList,
    @Headers('accept-language') language?: string,
  ): Promise<Page<ShownAs<ImportView>>> {
    const page = await this.imports.list(query);
    return { ...page, data: page.data.map((each) => viewOf(each, languageOf(language))) };
  }

  @Get(':id')
  @Allow('import', 'read')
  @ApiOperation({
    summary: 'Read an import and its result',
    description: 'Counts, the meaning of each column, and what became of the first rows.',
  })
  @Shows(ImportView, 200, 'The import.')
  async getImport(
    @UuidParam('id') id: string,
    @Headers('accept-language') language?: string,
  ): Promise<ShownAs<ImportView>> {
    return viewOf(await this.imports.find(id), languageOf(language));
  }
}

const dayMissing = {
  en: 'The list asks for consent but tells no day of it: it gives consent only to customers who never answered. Send collectedAt, or a column with the day.',
  vi: 'Danh sách có cột đồng ý nhưng không có ngày đồng ý: chỉ ghi nhận cho khách chưa từng trả lời. Hãy gửi collectedAt hoặc thêm cột ngày đồng ý.',
};

function viewOf({ problem, ...shown }: CustomerImport, language: Language): ShownAs<ImportView> {
  const targets = Object.values(shown.columns);
  const undated =
    targets.some((target) => target.startsWith('consent:')) &&
    !targets.includes('consentDate') &&
    shown.collectedAt === null;
  return {
    ...shown,
    unread: shown.header.filter((name) => !Object.hasOwn(shown.columns, name)),
    notices: undated ? [{ code: 'consent_day_missing', message: dayMissing[language] }] : [],
    problem: problem && {
      code: problem.code,
      detail: (language === 'vi' ? problem.detailVi : undefined) ?? problem.detail,
    },
    links: {
      job: `/v1/jobs/${shown.id}`,
      failedRows: shown.rejected > 0 ? `/v1/jobs/${shown.id}/failed-rows.csv` : null,
    },
  };
}
