import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  IfMatch,
  List,
  Shows,
  ShowsEach,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import type { Customer } from '../customers/customers.service.js';
import { segmentFields } from './segment-fields.js';
import {
  ChangeMembers,
  ChangeSegment,
  CreateSegment,
  MembersChanged,
  MembershipStep,
  MemberView,
  PreviewSegment,
  SegmentField,
  SegmentPreview,
  SegmentView,
} from './segments.dto.js';
import { memberList, segmentList, SegmentsService, type SizedSegment } from './segments.service.js';

@ApiTags('segments')
@Controller('segments')
export class SegmentsController {
  constructor(private readonly segments: SegmentsService) {}

  /** The fields that rules may speak of, with their operators. */
  @Get('fields')
  @Allow('segment', 'read')
  @ShowsEach(SegmentField)
  listSegmentFields(): ShownAs<SegmentField>[] {
    return segmentFields.describe();
  }

  /** Segments that the caller may see. */
  @Get()
  @Allow('segment', 'read')
  @ApiList(segmentList, SegmentView)
  listSegments(@List(segmentList) query: ParsedList): Promise<Page<SizedSegment>> {
    return this.segments.list(query);
  }

  /** Creates a segment and fills it at once. */
  @Post()
  @Allow('segment', 'create')
  @Shows(SegmentView, 201)
  createSegment(@Body() body: CreateSegment, @CurrentUser() by: Principal): Promise<SizedSegment> {
    return this.segments.create(body, by);
  }

  /** Size and a sample of those whom a rule describes, before anything is saved. */
  @Post('preview')
  @HttpCode(200)
  @Allow('segment', 'read')
  @Shows(SegmentPreview)
  previewSegment(@Body() body: PreviewSegment): Promise<ShownAs<SegmentPreview>> {
    return this.segments.preview(body);
  }

  @Get(':id')
  @Allow('segment', 'read')
  @Shows(SegmentView)
  getSegment(@UuidParam('id') id: string): Promise<SizedSegment> {
    return this.segments.get(id);
  }

  /** Changes name, description or rule; with a new rule the members are evaluated anew at once. */
  @Patch(':id')
  @Allow('segment', 'update')
  @Shows(SegmentView)
  changeSegment(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ChangeSegment,
  ): Promise<SizedSegment> {
    return this.segments.change(id, version, body);
  }

  /** Ends the upkeep of a segment; it stays readable and cannot be used for a new campaign. */
  @Post(':id/archive')
  @HttpCode(200)
  @Allow('segment', 'update')
  @Shows(SegmentView)
  archiveSegment(@UuidParam('id') id: string, @IfMatch() version: number): Promise<SizedSegment> {
    return this.segments.archive(id, version);
  }

  /** Customers who belong to the segment now. */
  @Get(':id/members')
  @Allow('segment', 'read')
  @ApiList(memberList, MemberView)
  listSegmentMembers(@UuidParam('id') id: string, @List(memberList) query: ParsedList): Promise<Page<Customer>> {
    return this.segments.members(id, query);
  }

  /** Adds customers to a static list and takes others off; customers out of the caller's reach are passed over. */
  @Post(':id/members')
  @HttpCode(200)
  @Allow('segment', 'update')
  @Shows(MembersChanged)
  changeSegmentMembers(@UuidParam('id') id: string, @Body() body: ChangeMembers): Promise<ShownAs<MembersChanged>> {
    return this.segments.changeMembers(id, body);
  }

  /** When one customer came into the segment and left it, newest first, and which event was the cause. */
  @Get(':id/members/:customerId/history')
  @Allow('segment', 'read')
  @ShowsEach(MembershipStep)
  getMembershipHistory(
    @UuidParam('id') id: string,
    @UuidParam('customerId') customerId: string,
  ): Promise<ShownAs<MembershipStep>[]> {
    return this.segments.history(id, customerId);
  }
}
