import type { Readable } from 'node:stream';
import type { ObjectLiteral } from 'typeorm';
import { defineProblem, type Language, type Transaction } from '@quen/messaging';
import { Clock } from '../database/clock.js';
import { Database } from '../database/database.js';
import { JobHandler, type JobRunner } from '../jobs/job-handler.js';
import type { RunningJob } from '../jobs/running-job.js';
import { Cursors, type CursorKeys } from '../lists/cursor.js';
import { page } from '../lists/page.js';
import { parseListQuery, type ParsedList } from '../lists/parse-list.js';
import { csvCells, csvHeader } from '../text/csv.js';
import { exportOf, valueOf, type ExportColumn, type ExportValue } from './define-export.js';
import { sheetRows, workbookOf } from './xlsx-writer.js';

export const listExportJob = 'list-export';
export const exportFormats = ['csv', 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportTooLong = defineProblem('unprocessable', 'export_too_long', {
  en: 'A sheet of Excel holds {most} rows, and the list has more: filter it, or take it as CSV.',
  vi: 'Một trang Excel chứa {most} dòng mà danh sách có nhiều hơn: hãy lọc bớt, hoặc xuất CSV.',
});

/** What an export's job is given. */
export interface ExportParams {
  export: string;
  format: ExportFormat;
  language: Language;
  /** The list's query as it was sent. */
  query: Readonly<Record<string, unknown>>;
  /** Columns that the caller may have. */
  columns: string[];
}

/** How far a CSV is: rows behind these keys are still to come. */
interface Checkpoint {
  after?: CursorKeys;
  pieces: number;
  rows: number;
}

const pageRows = 1_000;
const pieceBytes = 1_048_576;
const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/**
 * Writes a list into a file, page by page behind the last row's keys, within the scope of the caller's permission to
 * export. A CSV grows with its checkpoint, so that it goes on after a kill; a workbook, which is packed as one, begins
 * anew.
 */
@JobHandler(listExportJob)
export class ListExportJob implements JobRunner<ExportParams> {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
  ) {}

  async run(job: RunningJob<ExportParams>): Promise<object> {
    const { export: name, query, format, columns: allowed, language } = job.params;
    const definition = exportOf(name);
    const list = parseListQuery(definition.list, this.cursors, query);
    const columns = await this.database.read((tx) =>
      Promise.resolve(
        definition
          .columnsOf(tx.connection.getMetadata(definition.list.entity))
          .filter(([each]) => allowed.includes(each)),
      ),
    );
    const header = columns.map(([each, { heading }]) => heading?.[language] ?? each);
    const file = `${name}.${format}`;
    const rows =
      format === 'csv'
        ? await this.csv(job, file, list, header, columns)
        : await this.workbook(job, file, list, header, columns);
    return { rows, file: `/v1/jobs/${job.id}/files/${file}` };
  }

  private async csv(
    job: RunningJob<ExportParams>,
    file: string,
    list: ParsedList,
    header: readonly string[],
    columns: readonly [string, ExportColumn<ObjectLiteral>][],
  ): Promise<number> {
    let reached = (job.checkpoint as Checkpoint | undefined) ?? { pieces: 0, rows: 0 };
    let more = reached.pieces === 0 || reached.after !== undefined;
    while (more && !job.cancelled) {
      const before = reached;
      reached = await this.database.transaction(async (tx) => {
        const { rows, after } = await this.page(tx, job.params.export, list, before.after, columns);
        const bytes = csvCells(rows);
        const piece = before.pieces === 0 ? Buffer.concat([csvHeader(header), bytes]) : bytes;
        await job.append(tx, file, mediaTypes.csv, before.pieces, piece);
        const now: Checkpoint = {
          pieces: before.pieces + 1,
          rows: before.rows + rows.length,
          ...(after && { after }),
        };
        await job.advance(tx, { done: now.rows, checkpoint: now });
        return now;
      });
      more = reached.after !== undefined;
    }
    return reached.rows;
  }

  private async workbook(
    job: RunningJob<ExportParams>,
    file: string,
    list: ParsedList,
    header: readonly string[],
    columns: readonly [string, ExportColumn<ObjectLiteral>][],
  ): Promise<number> {
    const counted = { rows: 0 };
    const kinds = columns.map(([, { as = 'text' }]) => as);
    const stream = workbookOf(header, kinds, this.pages(job, list, columns, counted), this.clock.zone);
    let pieces = 0;
    for await (const piece of inPieces(stream)) {
      await this.database.transaction((tx) => job.append(tx, file, mediaTypes.xlsx, pieces, piece));
      pieces += 1;
    }
    return counted.rows;
  }

  private async *pages(
    job: RunningJob<ExportParams>,
    list: ParsedList,
    columns: readonly [string, ExportColumn<ObjectLiteral>][],
    counted: { rows: number },
  ): AsyncGenerator<ExportValue[][]> {
    let after: CursorKeys | undefined;
    do {
      const from = after;
      const found = await this.database.read((tx) => this.page(tx, job.params.export, list, from, columns));
      counted.rows += found.rows.length;
      if (counted.rows >= sheetRows) throw exportTooLong({ most: sheetRows - 1 });
      yield found.rows;
      await job.progress({ done: counted.rows });
      after = found.after;
    } while (after && !job.cancelled);
  }

  private async page(
    tx: Transaction,
    name: string,
    list: ParsedList,
    after: CursorKeys | undefined,
    columns: readonly [string, ExportColumn<ObjectLiteral>][],
  ): Promise<{ rows: ExportValue[][]; after?: CursorKeys }> {
    let next: CursorKeys | undefined;
    const definition = exportOf(name);
    const read = definition.page ?? ((within, query) => page(within, definition.list, query));
    const { data } = await read(tx, {
      ...list,
      limit: pageRows,
      after,
      countExactly: false,
      cursorAfter: (keys) => {
        next = keys;
        return '';
      },
    });
    return {
      rows: data.map((row) => columns.map(([column, how]) => valueOf(row, column, how))),
      ...(next && { after: next }),
    };
  }
}

/** A stream's bytes in pieces of about a megabyte. */
async function* inPieces(stream: Readable): AsyncGenerator<Buffer> {
  let [waiting, size]: [Buffer[], number] = [[], 0];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    waiting.push(chunk);
    size += chunk.length;
    if (size >= pieceBytes) {
      yield Buffer.concat(waiting);
      [waiting, size] = [[], 0];
    }
  }
  if (size > 0) yield Buffer.concat(waiting);
}
