import { Readable } from 'node:stream';
import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Injectable,
  Param,
  Sse,
  StreamableFile,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type MessageEvent,
} from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { defer, map, repeat, takeWhile, type Observable } from 'rxjs';
import { CurrentUser, principalOf, SignedIn } from '../access/decorators.js';
import type { Principal } from '../access/principal.js';
import { parseUuid, UuidParam } from '../http/request-parts.js';
import type { Page } from '../lists/list-query.dto.js';
import { ApiList, List } from '../lists/list.decorators.js';
import type { ParsedList } from '../lists/parse-list.js';
import { csvCells, csvHeader } from '../text/csv.js';
import { FailedRowTable } from './failed-row-table.js';
import { Job } from './job.dto.js';
import { jobList } from './job.entity.js';
import { Jobs } from './jobs.js';

const watchMs = 500;

/**
 * Refuses callers who may not see the job before the stream is open, while a problem can still be answered. A guard is
 * the last part that runs before it.
 */
@Injectable()
class JobIsThere implements CanActivate {
  constructor(private readonly jobs: Jobs) {}

  async canActivate(host: ExecutionContext): Promise<boolean> {
    const request = host.switchToHttp().getRequest<FastifyRequest<{ Params: { id: string } }>>();
    await this.jobs.get(parseUuid('id', request.params.id), limitTo(principalOf(request)));
    return true;
  }
}

@ApiTags('Jobs')
@SignedIn()
@Controller('jobs')
export class JobsController {
  constructor(private readonly jobs: Jobs) {}

  @Get()
  @ApiList(jobList, Job)
  @ApiOperation({
    summary: 'Jobs, newest first',
    description: "Your own jobs; an administrator sees everybody's. Finished ones are kept for 30 days.",
  })
  listJobs(@List(jobList) query: ParsedList, @CurrentUser() user: Principal): Promise<Page<Job>> {
    return this.jobs.list(query, limitTo(user));
  }

  @Get(':id')
  @ApiOperation({ summary: 'State of a job', description: "Your own jobs; an administrator sees everybody's." })
  @ApiOkResponse({ type: Job, description: 'The job.' })
  getJob(@UuidParam('id') id: string, @CurrentUser() user: Principal): Promise<Job> {
    return this.jobs.get(id, limitTo(user));
  }

  @Delete(':id')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Cancel a job',
    description:
      'A job that runs ends after the piece at hand; what it did so far stays. A finished job stays as it is.',
  })
  @ApiOkResponse({ type: Job, description: 'The job as it is now.' })
  cancelJob(@UuidParam('id') id: string, @CurrentUser() user: Principal): Promise<Job> {
    return this.jobs.cancel(id, limitTo(user));
  }

  @Get(':id/failed-rows.csv')
  @ApiOperation({
    summary: 'Rows that failed',
    description: 'Your own rows with line, field and reason, ready to mend and upload again.',
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({ description: 'CSV in UTF-8.', content: { 'text/csv': { schema: { type: 'string' } } } })
  async downloadFailedRows(@UuidParam('id') id: string, @CurrentUser() user: Principal): Promise<StreamableFile> {
    await this.jobs.get(id, limitTo(user));
    return new StreamableFile(Readable.from(this.failedRowsAsCsv(id)), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="failed-rows-${id}.csv"`,
    });
  }

  private async *failedRowsAsCsv(id: string): AsyncGenerator<Buffer> {
    const table = new FailedRowTable();
    for await (const rows of this.jobs.failedRows(id)) for (const row of rows) table.knowColumnsOf(row);
    yield csvHeader(table.header());
    for await (const rows of this.jobs.failedRows(id)) yield csvCells(rows.map((row) => table.cellsOf(row)));
  }

  @Get(':id/files/:name')
  @ApiOperation({
    summary: 'A file that a job made',
    description: "An export, for example. The names are in the job's links.",
  })
  @ApiOkResponse({
    description: 'The file.',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  async downloadJobFile(
    @UuidParam('id') id: string,
    @Param('name') name: string,
    @CurrentUser() user: Principal,
  ): Promise<StreamableFile> {
    const { mediaType, content } = await this.jobs.resultFile(id, name, limitTo(user));
    return new StreamableFile(Readable.from(content), {
      type: mediaType,
      disposition: `attachment; filename="${name}"`,
    });
  }

  @Sse(':id/events')
  @UseGuards(JobIsThere)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Progress of a job as it happens',
    description: 'Server-sent events named `progress`, each with the whole job; the stream ends with the job.',
  })
  @ApiOkResponse({
    description: 'Server-sent events.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  watchJob(@UuidParam('id') id: string, @CurrentUser() user: Principal): Observable<MessageEvent> {
    return defer(() => this.jobs.get(id, limitTo(user))).pipe(
      repeat({ delay: watchMs }),
      takeWhile((job) => !this.jobs.isFinished(job), true),
      map((job) => ({ type: 'progress', data: job })),
    );
  }
}

/** Whose jobs the caller may see: only the caller's own, unless an administrator. */
function limitTo(user: Principal): string | undefined {
  return user.roles.includes('administrator') ? undefined : user.subject;
}
