import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsObject, IsString, Length, MaxLength, ValidateNested } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { CivilDate } from '@quen/events';
import type { Span } from '../working-time.js';

/** A list of spans of local time, for the document. */
function spans(): object {
  const time = { type: 'string', pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' };
  return {
    type: 'array',
    items: {
      type: 'object',
      required: ['from', 'to'],
      additionalProperties: false,
      properties: { from: time, to: time },
    },
  };
}

const week: ApiPropertyOptions = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((day) => [day, spans()])),
};

/** A working calendar. */
export class CreateCalendar {
  /** @example 'Tổng đài 24/7' */
  @IsString() @Length(1, 100) name!: string;
  /** IANA zone. @example 'Asia/Ho_Chi_Minh' */
  @IsString() @MaxLength(60) zone!: string;
  /** Spans by weekday, 1 = Monday to 7 = Sunday. @example {"1": [{"from": "08:00", "to": "17:00"}]} */
  @ApiProperty(week) @IsObject() week!: Record<string, Span[]>;
}

/** What changes; what is left out stays. */
export class UpdateCalendar {
  @MayBeOmitted() @IsString() @Length(1, 100) name?: string;
  @MayBeOmitted() @IsString() @MaxLength(60) zone?: string;
  @ApiProperty({ ...week, selfRequired: false } as ApiPropertyOptions) @MayBeOmitted() @IsObject() week?: Record<
    string,
    Span[]
  >;
}

/** A day without work. */
export class HolidayBody {
  @CivilDate({ example: '2027-02-05' }) day!: string;
  /** @example 'Giao thừa' */
  @IsString() @Length(1, 200) name!: string;
}

/** All holidays of a calendar in one year; left out, those that the law fixes. */
export class Holidays {
  @MayBeOmitted()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => HolidayBody)
  @ArrayMaxSize(366)
  holidays?: HolidayBody[];
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
}
