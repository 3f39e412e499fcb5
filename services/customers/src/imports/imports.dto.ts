import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsISO8601,
  IsString,
  IsUUID,
  MaxLength,
} from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { contactChannels, customerSources, type ContactChannel, type CustomerSource } from '@quen/events';
import {
  importKeys,
  importModes,
  type ImportKey,
  type ImportMode,
  type importStates,
} from './customer-import.entity.js';

/** The parts of a form are text: lists are separated by commas. */
const List = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter(Boolean)
      : value,
  );
const Flag = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));

/** The fields of an import's form beside its file. */
export class ImportForm {
  /** Whether rows register customers, correct those that are there, or both. */
  @MayBeOmitted() @IsIn(importModes) mode: ImportMode = 'create-update';
  /**
   * By what a row's customer is recognised; by default by trusted ids, then by phone or e-mail where the names agree.
   */
  @MayBeOmitted()
  @List()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(6)
  @IsIn(importKeys, { each: true })
  keys?: ImportKey[];
  /** JSON object, header → target or null to leave the column out; headers that are not named are guessed. */
  @MayBeOmitted() @IsString() @MaxLength(20_000) mapping?: string;
  /** Only counts what would happen. */
  @MayBeOmitted() @Flag() @IsBoolean() dryRun: boolean = false;
  @MayBeOmitted() @IsIn(customerSources) source: CustomerSource = 'import';
  /** Where the list comes from; the source of its consents. */
  @MayBeOmitted() @IsString() @MaxLength(200) sourceNote?: string;
  /** Branch of rows that name none; by default the importer's. */
  @MayBeOmitted() @IsUUID() branchId?: string;
  /** The same by code. */
  @MayBeOmitted() @IsString() @MaxLength(20) branch?: string;
  /** Channels that a consent column without a channel in its header answers for. */
  @MayBeOmitted()
  @List()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(6)
  @IsIn(contactChannels, { each: true })
  consentChannels: ContactChannel[] = ['email'];
  /**
   * When the list was taken down, a day or an instant, never to come: the time of its answers about consent where a row
   * tells no day of its own.
   */
  @MayBeOmitted() @IsISO8601({ strict: true }) collectedAt?: string;
  /** Name of a workbook's sheet; the first one otherwise. */
  @MayBeOmitted() @IsString() @MaxLength(100) sheet?: string;
}

/** What is wrong with a cell, or with the whole row. */
export class FaultView {
  /** Header of the column. */
  field!: string;
  /** @example 'phone_invalid' */
  code!: string;
}

/** What became of one row. */
export class RowOutcomeView {
  /** Line of the file, the header being line 1. */
  line!: number;
  outcome!: 'created' | 'updated' | 'matched' | 'rejected';
  name!: string | null;
  customerId!: string | null;
  code!: string | null;
  warnings!: string[];
  faults!: FaultView[];
}

/** A cell that was not read, or not wholly. */
export class UnreadCellView {
  /** Line of the file, the header being line 1. */
  line!: number;
  /** Header of the column. */
  field!: string;
  /** @example 'date_invalid' */
  code!: string;
}

/** Where more is told of an import. */
export class ImportLinks {
  job!: string;
  /** The rejected rows as CSV, ready to mend and upload again. */
  failedRows!: string | null;
}

/** Why an import failed. */
export class ImportProblem {
  /** @example 'every_row_failed' */
  code!: string;
  detail!: string;
}

/** Something to know of a whole list. */
export class ImportNotice {
  /** @example 'consent_day_missing' */
  code!: string;
  message!: string;
}

/** An import and what came of it. */
export class ImportView {
  /** The job's id too. */
  id!: string;
  /** `failed`: it could not go on, or none of its rows could be taken; `problem` says which. */
  state!: (typeof importStates)[number];
  /** Why it failed. */
  problem!: ImportProblem | null;
  fileName!: string;
  /** Size of the file. */
  bytes!: number;
  mode!: ImportMode;
  keys!: ImportKey[];
  dryRun!: boolean;
  source!: CustomerSource;
  sourceNote!: string;
  branchId!: string | null;
  collectedAt!: Date | null;
  delimiter!: string;
  header!: string[];
  /** Header → what it fills; headers that are missing here are ignored. */
  columns!: Record<string, string>;
  /** Headers of columns that are not read. */
  unread!: string[];
  /** What to know of the whole list. */
  notices!: ImportNotice[];
  /** Rows of the file; 0 until the job has counted them. */
  rows!: number;
  done!: number;
  created!: number;
  updated!: number;
  /** Rows whose customer was there and did not change. */
  matched!: number;
  rejected!: number;
  /** Rows that were taken although something is odd. */
  warned!: number;
  /** Rejected rows by the code of their first fault. */
  reasons!: Record<string, number>;
  /** What is odd about rows that were taken, by code. */
  warnings!: Record<string, number>;
  /** The first cells that were not read, or not wholly; what stands in them is told by the job's result. */
  unreadCells!: UnreadCellView[];
  /** The first rows. */
  sample!: RowOutcomeView[];
  createdAt!: Date;
  finishedAt!: Date | null;
  links!: ImportLinks;
}
