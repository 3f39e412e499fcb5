import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Language } from '@quen/messaging';
import type { Principal } from '../access/principal.js';
import { Rights } from '../access/rights.js';
import { Database } from '../database/database.js';
import type { Job } from '../jobs/job.dto.js';
import { Jobs } from '../jobs/jobs.js';
import { Cursors } from '../lists/cursor.js';
import { parseListQuery } from '../lists/parse-list.js';
import { invalid } from '../problems/problems.js';
import type { ExportDefinition } from './define-export.js';
import { exportFormats, listExportJob, type ExportFormat, type ExportParams } from './list-export.job.js';

/** What a route of an export is asked, as it came. */
export interface ExportRequest {
  readonly definition: ExportDefinition;
  readonly query: Readonly<Record<string, unknown>>;
  readonly language: Language;
}

/** Lists as files. */
@Injectable()
export class Exports {
  constructor(
    private readonly dataSource: DataSource,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly rights: Rights,
    private readonly cursors: Cursors,
  ) {}

  /**
   * Puts the export of a list into the queue: the rows that its query gives within the scope of the route's permission,
   * and the columns that the caller may read. @throws Problem validation_failed
   */
  async begin({ definition, query: sent, language }: ExportRequest, caller: Principal): Promise<Job> {
    const { format = 'csv', ...query } = sent;
    if (!exportFormats.includes(format as ExportFormat))
      throw invalid({
        pointer: '?format',
        code: 'wrong_value',
        message: `must be one of ${exportFormats.join(', ')}`,
        vi: `phải là một trong: ${exportFormats.join(', ')}`,
      });
    parseListQuery(definition.list, this.cursors, query);
    const columns = definition
      .columnsOf(this.dataSource.getMetadata(definition.list.entity))
      .filter(
        ([, { needs }]) => needs === undefined || this.rights.everywhere(caller, definition.resource ?? '', needs),
      )
      .map(([name]) => name);
    const params: ExportParams = {
      export: definition.name,
      format: format as ExportFormat,
      language,
      query,
      columns,
    };
    return this.database.transaction((tx) => this.jobs.enqueue(tx, listExportJob, params));
  }
}
