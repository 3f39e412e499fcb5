export { start } from './service/start.js';
export { serve, type RunningService } from './service/serve.js';
export { migrate } from './service/migrate.js';
export { documentsOf } from './service/documents.js';
export { ServiceModule, serviceOptionsOf, type ServiceOptions } from './slices/service-module.js';
export { Slice, sliceOptionsOf, type SliceOptions } from './slices/slice.js';
export { entityStates, type StatePage, type StateSource } from './bus/state-source.js';
export { environment, ServiceConfig } from './config/service.config.js';
export { ConfigurationError, loadConfig, settingsOf } from './config/load-config.js';
export { Database } from './database/database.js';
export { sqlState } from './problems/sql-state.js';
export { find, findReferred, lock } from './database/load.js';
export { Clock } from './database/clock.js';
export { momentOf, type Moment } from './time/moment.js';
export { dayInFuture, recordedDay } from './time/recorded-day.js';
export { DecimalColumn } from './database/decimal-column.js';
export { formatCode, nextCode, nextCodes, type Numbering } from './database/next-code.js';
export { rows } from './database/rows.js';
export {
  insert,
  insertAll,
  save,
  updateAll,
  upsertAll,
  type UpsertOptions,
  type Values,
} from './database/write-all.js';
export { civilDay, daysAfter, daysBetween, defaultZone, minuteOfDay, startOfDay } from './time/civil-day.js';
export { enableRowSecurity, type RowSecurity } from './database/row-security.js';
export { reachOf, scopePredicate, type Reach } from './database/scope.js';
export { AccessTable, defineAccess, roles, type Grants, type Role } from './access/access-table.js';
export type { Scope } from './database/scope.js';
export { Allow, CurrentUser, findPrincipal, Public, SignedIn, type RouteAccess } from './access/decorators.js';
export { type Principal } from './access/principal.js';
export { Rights, type OwnedRow } from './access/rights.js';
export { RateLimiter } from './access/rate-limiter.js';
export { contentPolicy } from './http/security-headers.js';
export { ShownOnce } from './http/shown-once.js';
export { IfMatch, parseIfMatch, UuidParam } from './http/request-parts.js';
export { AsTyped, MaxDecimals, MayBeOmitted, PatchOf } from './http/body-decorators.js';
export { says } from './http/fault-texts.js';
export { QuenValidationPipe } from './http/validation.pipe.js';
export { languageOf } from './operations/request-context.js';
export * from './problems/problems.js';
export { problemOf } from './problems/problem-of-error.js';
export { documentOf, statusOf, type ProblemDocument } from './problems/problem-document.js';
export {
  bool,
  choice,
  date,
  decimal,
  instant,
  integer,
  text,
  texts,
  uuid,
  type Field,
  type Fields,
  type FieldType,
  type FieldValue,
} from './rules/fields.js';
export { defineList, type ListDefinition, type ListOptions, type SortKey } from './lists/define-list.js';
export { ApiList, ApiPage, List, Search } from './lists/list.decorators.js';
export { SearchBody, type Page } from './lists/list-query.dto.js';
export { type ParsedList } from './lists/parse-list.js';
export { page, type PageOptions } from './lists/page.js';
export { Params, renumber, type Predicate } from './database/predicate.js';
export { RuleFields, ruleTree, RuleTree } from './rules/rule-tree.js';
export { isGroup, type Rule, type RuleGroup } from './rules/rule.js';
export { type Operator } from './rules/operators.js';
export { defineExport, type ExportColumn, type ExportDefinition, type ExportValue } from './exports/define-export.js';
export { ApiExport, Export } from './exports/export.decorators.js';
export { Exports, type ExportRequest } from './exports/exports.js';
export { Job, JobLinks, JobProgress } from './jobs/job.dto.js';
export { JobHandler, type JobEnd, type JobRunner } from './jobs/job-handler.js';
export { inHalves } from './jobs/in-halves.js';
export { ApiJob } from './jobs/job.decorators.js';
export { Jobs } from './jobs/jobs.js';
export { JobCancelled, JobInterrupted, RunningJob, type FailedRow, type JobAdvance } from './jobs/running-job.js';
export { MultipartFile, type UploadedFile } from './uploads/upload.js';
export { Every } from './schedules/every.js';
export { type CorrectedRows, type DerivedStore, type DerivedTable } from './rebuilds/derived-store.js';
export {
  erasedSql,
  replica,
  sharedReplica,
  type Get,
  type Replica,
  type Taken,
  type Touched,
} from './replicas/replica.js';
export { normalEmail } from './text/mailbox.js';
export { escapeLike, fold } from './text/fold.js';
export { codeOf, oneToneStyle, visible } from './text/visible.js';
export { writeCsv } from './text/csv.js';
export { CsvFile, csvBounds, type CsvRecord, type RecordFault } from './text/csv-reader.js';
export {
  column,
  choice as choiceColumn,
  code,
  day,
  flag,
  money,
  name,
  quantity,
  text as textColumn,
  type CellRead,
  type Column,
  type ColumnOptions,
} from './imports/column.js';
export { readDay, type ReadAt } from './imports/cell-day.js';
export { readDong, readNumber, readQuantity } from './imports/cell-number.js';
export { readEmails, readPhones, type ContactsRead } from './imports/cell-contacts.js';
export { isPlaceholder, isPlaceholderName } from './imports/cell-blank.js';
export {
  ColumnSet,
  importColumnsMissing,
  type ColumnMap,
  type Columns,
  type Mapping,
  type MoreColumns,
  type RowOf,
} from './imports/column-set.js';
export { commonFaults, type CellWarning, type FaultTexts, type RowFault } from './imports/faults.js';
export { importFields, importParams } from './imports/import-form.js';
export { ImportJob, type ImportParams, type ImportRun } from './imports/import-job.js';
export { type ImportState, type RowOutcome, type SampleRow, type TakenRows } from './imports/import-state.js';
export { openTable, type TableOptions } from './imports/open-table.js';
export { readRow, type ImportRow, type ReadCell } from './imports/read-row.js';
export { csvDuplicateColumn, csvEmpty, csvNotUtf8 } from './text/csv-problems.js';
export { Log } from './operations/log.js';
export { Shows, ShowsEach } from './views/shows.js';
export type { ShownAs } from './views/shape.js';
