import { Transform } from 'class-transformer';
import { IsBoolean, IsString, MaxLength } from 'class-validator';
import type { Language } from '@quen/messaging';
import { MayBeOmitted } from '../http/body-decorators.js';
import { QuenValidationPipe } from '../http/validation.pipe.js';
import type { UploadedFile } from '../uploads/upload.js';
import type { Columns, ColumnSet } from './column-set.js';
import type { ImportParams } from './import-job.js';
import { openTable } from './open-table.js';

/** What an import's form may say beside its file. */
class ImportForm {
  /** JSON object, header → target or null to leave the column out; headers that are not named are guessed. */
  @MayBeOmitted() @IsString() @MaxLength(20_000) mapping?: string;
  /** Only tells what would happen. */
  @MayBeOmitted()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  dryRun: boolean = false;
  /** Name of a workbook's sheet; the first one otherwise. */
  @MayBeOmitted() @IsString() @MaxLength(100) sheet?: string;
}

/** The same, for the document of a route: give it to `@MultipartFile`. */
export const importFields = {
  mapping: 'JSON object, header → target or null; other headers are guessed.',
  dryRun: 'true to write nothing, and be told what would happen and what was read of the first rows.',
  sheet: "Name of a workbook's sheet; the first one by default.",
} as const;

const validation = new QuenValidationPipe();

/**
 * Reads the form of an import into the parameters of its job.
 * @param look whether the header of the file is read now, so that an unreadable file is refused at once
 * @throws Problem validation_failed; of a header that is read those of {@link openTable}, and import_columns_missing
 */
export async function importParams<C extends Columns>(
  file: UploadedFile,
  columns: ColumnSet<C>,
  language: Language,
  { look = true }: { look?: boolean } = {},
): Promise<ImportParams> {
  const form = (await validation.transform(file.fields, { type: 'body', metatype: ImportForm })) as ImportForm;
  const { dryRun, sheet, mapping: json } = form;
  if (!look && json === undefined) return { language, dryRun, sheet };
  const { header } = await openTable(file.buffer, { sheet, beginning: true });
  const mapping = columns.mapping(json, header);
  columns.mustCover(header, columns.map(header, mapping));
  return { language, dryRun, sheet, mapping };
}
