import { MayBeOmitted } from '@quen/chassis';
import { ArrayMaxSize, IsDateString, IsObject, IsString, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import type { Calendar } from './calendar.entity.js';
import type { Span } from '../working-time.js';

/** A working calendar. */
export class CreateCalendar {
  /** @example 'Tổng đài 24/7' */
  @IsString() @Length(1, 100) name!: string;
  /** IANA zone. @example 'Asia/Ho_Chi_Minh' */
  @IsString() @MaxLength(60) zone!: string;
  /** Spans by weekday, 1 = Monday to 7 = Sunday. @example {"1": [{"from": "08:00", "to": "17:00"}]} */
  @IsObject() week!: Record<string, Span[]>;
}

/** What changes; what is left out stays. */
export class UpdateCalendar {
  @MayBeOmitted() @IsString() @Length(1, 100) name?: string;
  @MayBeOmitted() @IsString() @MaxLength(60) zone?: string;
  @MayBeOmitted() @IsObject() week?: Record<string, Span[]>;
}

/** A day without work. */
export class HolidayBody {
  /** @example '2027-02-05' */
  @Matches(/^\d{4}-\d{2}-\d{2}$/) @IsDateString({ strict: true }) day!: string;
  /** @example 'Giao thừa' */
  @IsString() @Length(1, 200) name!: string;
}

/** All holidays of a calendar in one year. */
export class Holidays {
  @ValidateNested({ each: true }) @Type(() => HolidayBody) @ArrayMaxSize(366) holidays!: HolidayBody[];
}

/** A calendar as it is. */
export class CalendarView {
  /** @format uuid */
  id!: string;
  version!: number;
  name!: string;
  zone!: string;
  week!: Record<string, Span[]>;
  isDefault!: boolean;
  createdAt!: Date;
  updatedAt!: Date;

  static of({ id, version, name, zone, week, isDefault, createdAt, updatedAt }: Calendar): CalendarView {
    return { id, version, name, zone, week, isDefault, createdAt, updatedAt };
  }
}
