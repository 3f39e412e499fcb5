import { Body, Controller, Get, Injectable, Param, Patch, Post, Put, type PipeTransform } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, IfMatch, invalid, Shows, ShowsEach, UuidParam, type ShownAs } from '@quen/chassis';
import type { Calendar } from './calendar.entity.js';
import { CalendarView, CreateCalendar, HolidayBody, Holidays, UpdateCalendar } from './calendars.dto.js';
import { CalendarsService } from './calendars.service.js';

@Injectable()
class YearPipe implements PipeTransform<unknown, number> {
  transform(given: unknown): number {
    const year = Number(given);
    if (!/^\d{4}$/.test(String(given)) || year < 1990 || year > 2100)
      throw invalid({
        pointer: '/year',
        code: 'wrong_value',
        message: 'must be a year from 1990 to 2100',
        vi: 'phải là năm từ 1990 đến 2100',
      });
    return year;
  }
}

@ApiTags('calendars')
@Controller('calendars')
export class CalendarsController {
  constructor(private readonly calendars: CalendarsService) {}

  /**
   * Working calendars
   * @remarks All of them; there are few.
   */
  @Get()
  @Allow('calendar', 'read')
  @ShowsEach(CalendarView)
  listCalendars(): Promise<Calendar[]> {
    return this.calendars.list();
  }

  /**
   * One calendar
   * @remarks Its zone and its spans by weekday.
   */
  @Get(':id')
  @Allow('calendar', 'read')
  @Shows(CalendarView)
  getCalendar(@UuidParam('id') id: string): Promise<Calendar> {
    return this.calendars.get(id);
  }

  /**
   * Add a calendar
   * @remarks Policies may then count their deadlines by it.
   */
  @Post()
  @Allow('calendar', 'create')
  @Shows(CalendarView, 201)
  createCalendar(@Body() body: CreateCalendar): Promise<Calendar> {
    return this.calendars.create(body);
  }

  /**
   * Change a calendar
   * @remarks The deadlines of open cases that count by it are worked out anew.
   */
  @Patch(':id')
  @Allow('calendar', 'update')
  @Shows(CalendarView)
  updateCalendar(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateCalendar,
  ): Promise<Calendar> {
    return this.calendars.update(id, version, body);
  }

  /**
   * Holidays of a year
   * @remarks Days on which nobody works.
   */
  @Get(':id/holidays/:year')
  @Allow('calendar', 'read')
  @ShowsEach(HolidayBody)
  listHolidays(@UuidParam('id') id: string, @Param('year', YearPipe) year: number): Promise<ShownAs<HolidayBody>[]> {
    return this.calendars.holidays(id, year);
  }

  /**
   * Replace the holidays of a year
   * @remarks As the government announces them; the deadlines of open cases are worked out anew.
   */
  @Put(':id/holidays/:year')
  @Allow('calendar', 'update')
  @Shows(CalendarView)
  replaceHolidays(
    @UuidParam('id') id: string,
    @Param('year', YearPipe) year: number,
    @IfMatch() version: number,
    @Body() body: Holidays,
  ): Promise<Calendar> {
    return this.calendars.replaceHolidays(id, version, year, body.holidays);
  }
}
