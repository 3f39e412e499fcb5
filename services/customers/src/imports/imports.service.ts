import { Injectable } from '@nestjs/common';
import {
  choice,
  Clock,
  csvEmpty,
  CsvFile,
  Database,
  defineList,
  find,
  instant,
  invalid,
  Job,
  Jobs,
  page,
  QuenValidationPipe,
  Rights,
  text,
  type Page,
  type ParsedList,
  type Principal,
  type UploadedFile,
} from '@quen/chassis';
import { customerSources } from '@quen/events';
import { defineProblem, Problem, type Language, type Transaction } from '@quen/messaging';
import { mapColumns, readTarget, targetText, type ColumnMap } from './columns.js';
import { denies } from './consent-headers.js';
import { CustomerImport, importModes, importStates } from './customer-import.entity.js';
import { momentOf } from './import-batch.js';
import { ImportForm } from './imports.dto.js';

/** The kind of job that runs imports. */
export const customerImportJob = 'customer-import';
/** What such a job is given. */
export interface ImportParams {
  language: Language;
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
    const { header, delimiter } = await openList(file.buffer);
    const columns = mapColumns(header, readMapping(form.mapping, header), form.consentChannels);
    const targets = [...columns.values()];
    if (!targets.some((target) => typeof target === 'string' && nameTargets.has(target)))
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
      const job = await this.jobs.enqueue(tx, customerImportJob, { language, citizenIds } satisfies ImportParams, file);
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
        delimiter,
        columns: Object.fromEntries([...columns].map(([index, target]) => [header[index] ?? '', targetText(target)])),
        rows: 0,
        done: 0,
        created: 0,
        updated: 0,
        matched: 0,
        rejected: 0,
        warned: 0,
        reasons: {},
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
async function openList(buffer: Uint8Array): Promise<CsvFile> {
  try {
    return await CsvFile.open(buffer);
  } catch (error) {
    throw error instanceof Problem && error.code === csvEmpty.code ? importEmpty() : error;
  }
}

/** The columns of an import that was taken in. */
export function columnsOf({ header, columns }: CustomerImport): ColumnMap {
  const map: ColumnMap = new Map();
  header.forEach((name, index) => {
    const target = Object.hasOwn(columns, name) ? readTarget(columns[name] ?? '') : undefined;
    if (target !== undefined) map.set(index, target);
  });
  return map;
}

/** Reads the form's mapping. @throws Problem validation_failed that names each header or target which does not exist */
function readMapping(json: string | undefined, header: string[]): Record<string, string | null> {
  if (json === undefined) return {};
  let mapping: unknown;
  try {
    mapping = JSON.parse(json.normalize('NFC'));
  } catch {
    mapping = undefined;
  }
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping))
    throw invalid({ pointer: '/mapping', code: 'wrong_type', message: 'must be a JSON object of headers and targets' });
  const errors = Object.entries(mapping).flatMap(([name, target]: [string, unknown]) => {
    if (!header.includes(name))
      return [{ pointer: `/mapping/${name}`, code: 'unknown_header', message: `must be one of ${header.join(', ')}` }];
    const read = typeof target === 'string' ? readTarget(target) : undefined;
    if (typeof read === 'object' && !read.refusal && denies(name))
      return [
        {
          pointer: `/mapping/${name}`,
          code: 'header_denies',
          message: 'must not be consent: the header denies it; use refusal:<purpose>:<channel>',
          vi: 'không được là consent: tiêu đề có nghĩa từ chối; hãy dùng refusal:<purpose>:<channel>',
        },
      ];
    if (target === null || read !== undefined) return [];
    return [
      {
        pointer: `/mapping/${name}`,
        code: 'unknown_target',
        message:
          'must be null, a field such as name, phone or taxCode, consent:<purpose>:<channel>+<channel> or refusal:<purpose>:<channel>+<channel>',
      },
    ];
  });
  if (errors.length > 0) throw invalid(...errors);
  return mapping as Record<string, string | null>;
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
