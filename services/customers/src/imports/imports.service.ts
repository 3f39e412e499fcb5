import { Injectable } from '@nestjs/common';
import {
  choice,
  Clock,
  csvEmpty,
  Database,
  defineList,
  find,
  instant,
  invalid,
  Job,
  Jobs,
  openTable,
  page,
  QuenValidationPipe,
  Rights,
  text,
  type CsvFile,
  type ImportParams,
  type Mapping,
  type Page,
  type ParsedList,
  type Principal,
  type UploadedFile,
} from '@quen/chassis';
import { customerSources } from '@quen/events';
import { defineProblem, Problem, type Language, type Transaction } from '@quen/messaging';
import { customerColumnSet } from './columns.js';
import { CustomerImport, importModes, importStates } from './customer-import.entity.js';
import { momentOf } from './import-batch.js';
import { ImportForm } from './imports.dto.js';

/** The kind of job that runs imports. */
export const customerImportJob = 'customer-import';
/** What such a job is given. */
export interface CustomerImportParams extends ImportParams {
  /** Whether rows may bring citizen ids. */
  citizenIds: boolean;
}

export const importEmpty = defineProblem('invalid', 'import_empty', {
  en: 'The file has no header row.',
  vi: 'Tệp không có dòng tiêu đề.',
});
export const importCitizenIds = defineProblem('forbidden', 'import_citizen_ids', {
  en: 'Your roles do not allow reading and writing citizen ids wherever you may import: leave the column out (map it to null), and out of keys.',
  vi: 'Vai trò của bạn không được phép đọc và ghi số CCCD trong phạm vi nhập: hãy bỏ cột này (ánh xạ tới null) và bỏ khỏi keys.',
});

export const importColumnsUnclear = defineProblem('invalid', 'import_columns_unclear', {
  en: 'No column holds a name: send mapping, e.g. {"Khách": "name"}. The headers are: {headers}.',
  vi: 'Không nhận ra cột tên khách hàng: hãy gửi mapping, ví dụ {"Khách": "name"}. Các cột trong tệp: {headers}.',
});

export const importList = defineList({
  entity: CustomerImport,
  fields: {
    state: choice(importStates),
    mode: choice(importModes),
    source: choice(customerSources),
    fileName: text(),
    createdAt: instant(),
  },
  sort: ['createdAt'],
  defaultSort: '-createdAt',
});

/** Imports of customer lists: checks what can be checked at once, leaves the rest to a job. */
@Injectable()
export class ImportsService {
  private readonly validation = new QuenValidationPipe();

  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly rights: Rights,
  ) {}

  /**
   * Takes a file in. Its encoding and its header are looked at before, so that one that cannot be read at all is
   * refused here; its rows are the job's.
   * @throws Problem validation_failed, import_not_utf8, import_empty, import_columns_unclear, import_citizen_ids,
   * csv_too_many_columns
   */
  async begin(file: UploadedFile, user: Principal, language: Language): Promise<Job> {
    const form = (await this.validation.transform(file.fields, { type: 'body', metatype: ImportForm })) as ImportForm;
    const { header, delimiter, encoding } = await openList(file.buffer, form.sheet);
    const set = customerColumnSet(form.consentChannels);
    const columns = set.map(header, set.mapping(form.mapping, header));
    const targets = [...columns.values()];
    if (!targets.some((target) => nameTargets.has(target)))
      throw importColumnsUnclear({ headers: header.join(', ').slice(0, 1000) });
    // A file that is compared by citizen ids tells whose they are, a dry run included.
    const citizenIds = ['read-citizen-id', 'write-citizen-id'].every((action) =>
      this.rights.everywhere(user, 'customer', action),
    );
    if (!citizenIds && (targets.includes('citizenId') || form.keys?.includes('citizenId'))) throw importCitizenIds();
    return this.database.transaction(async (tx) => {
      const collectedAt = form.collectedAt === undefined ? null : momentOf(form.collectedAt, this.clock.zone);
      if (collectedAt && collectedAt > (await this.clock.now(tx)).at)
        throw invalid({
          pointer: '/collectedAt',
          code: 'in_the_future',
          message: 'must not be in the future',
          vi: 'không được ở tương lai',
        });
      const branchId = await branchOf(tx, form, user);
      if (branchId === null && !targets.includes('branch'))
        throw invalid({
          pointer: '/branchId',
          code: 'required',
          message: 'must be given: you belong to no branch and the file has no branch column',
        });
      const job = await this.jobs.enqueue(
        tx,
        customerImportJob,
        { language, citizenIds, dryRun: form.dryRun, sheet: form.sheet } satisfies CustomerImportParams,
        file,
      );
      await tx.insert(CustomerImport, {
        id: job.id,
        fileName: file.filename.slice(0, 255),
        bytes: file.buffer.length,
        mode: form.mode,
        keys: form.keys ?? [],
        dryRun: form.dryRun,
        source: form.source,
        sourceNote: form.sourceNote ?? file.filename.slice(0, 200),
        branchId,
        ownerId: user.subject,
        collectedAt,
        header,
        delimiter: encoding === 'xlsx' ? '' : delimiter,
        columns: Object.fromEntries([...columns].map(([index, target]) => [header[index] ?? '', target])),
        rows: 0,
        done: 0,
        created: 0,
        updated: 0,
        matched: 0,
        rejected: 0,
        warned: 0,
        reasons: {},
        warnings: {},
        unreadCells: [],
        sample: [],
        state: 'waiting',
        problem: null,
        createdAt: () => 'now()',
        finishedAt: null,
      });
      return job;
    });
  }

  /** @throws Problem not_found */
  async find(id: string): Promise<CustomerImport> {
    return this.database.read((tx) => find(tx, CustomerImport, id));
  }

  async list(query: ParsedList): Promise<Page<CustomerImport>> {
    return this.database.read((tx) => page(tx, importList, query));
  }
}

const nameTargets = new Set<string>(['name', 'organisation', 'familyName', 'familyAndMiddleName', 'givenName']);

/** @throws Problem import_not_utf8, import_empty, csv_too_many_columns */
async function openList(buffer: Uint8Array, sheet: string | undefined): Promise<CsvFile> {
  try {
    return await openTable(buffer, { sheet, beginning: true });
  } catch (error) {
    throw error instanceof Problem && error.code === csvEmpty.code ? importEmpty() : error;
  }
}

/** What each header of an import that was taken in fills; null for those that are not read. */
export function mappingOf({ header, columns }: CustomerImport): Mapping {
  return Object.fromEntries(
    header.map((name) => [name, Object.hasOwn(columns, name) ? (columns[name] ?? null) : null]),
  );
}

/** @throws Problem validation_failed for a branch that there is not */
async function branchOf(tx: Transaction, { branchId, branch }: ImportForm, user: Principal): Promise<string | null> {
  const wanted = branch === undefined ? (branchId ?? user.branchId) : branchId;
  if (wanted === undefined && branch === undefined) return null;
  const [found]: { id: string }[] = await tx.query('select id from branch where active and (id = $1 or code = $2)', [
    wanted ?? null,
    branch ?? null,
  ]);
  if (!found)
    throw invalid({
      pointer: branchId === undefined && branch !== undefined ? '/branch' : '/branchId',
      code: 'branch_unknown',
      message: 'must be an active branch',
    });
  return found.id;
}
