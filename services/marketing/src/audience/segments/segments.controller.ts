import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  IfMatch,
  List,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
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
import { memberList, segmentList, SegmentsService } from './segments.service.js';

@ApiTags('segments')
@Controller('segments')
export class SegmentsController {
  constructor(private readonly segments: SegmentsService) {}

  /** The fields that rules may speak of, with their operators. */
  @Get('fields')
  @Allow('segment', 'read')
  listSegmentFields(): SegmentField[] {
    return segmentFields
      .describe()
      .map((field) => ({ ...field, operators: [...field.operators], choices: field.choices && [...field.choices] }));
  }

  /** Segments that the caller may see. */
  @Get()
  @Allow('segment', 'read')
  @ApiList(segmentList, SegmentView)
  async listSegments(@List(segmentList) query: ParsedList): Promise<Page<SegmentView>> {
    const found = await this.segments.list(query);
    return { ...found, data: found.data.map((segment) => SegmentView.of(segment, segment.size)) };
  }

  /** Creates a segment and fills it at once. */
  @Post()
  @Allow('segment', 'create')
  async createSegment(@Body() body: CreateSegment, @CurrentUser() by: Principal): Promise<SegmentView> {
    const { segment, size } = await this.segments.create(body, by);
    return SegmentView.of(segment, size);
  }

  /** Size and a sample of those whom a rule describes, before anything is saved. */
  @Post('preview')
  @HttpCode(200)
  @Allow('segment', 'read')
  async previewSegment(@Body() body: PreviewSegment): Promise<SegmentPreview> {
    const found = await this.segments.preview(body);
    return { ...found, sample: found.sample.map(memberView) };
  }

  @Get(':id')
  @Allow('segment', 'read')
  async getSegment(@UuidParam('id') id: string): Promise<SegmentView> {
    const { segment, size } = await this.segments.get(id);
    return SegmentView.of(segment, size);
  }

  /** Changes name, description or rule; with a new rule the members are evaluated anew at once. */
  @Patch(':id')
  @Allow('segment', 'update')
  async changeSegment(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ChangeSegment,
  ): Promise<SegmentView> {
    const { segment, size } = await this.segments.change(id, version, body);
    return SegmentView.of(segment, size);
  }

  /** Ends the upkeep of a segment; it stays readable and cannot be used for a new campaign. */
  @Post(':id/archive')
  @HttpCode(200)
  @Allow('segment', 'update')
  async archiveSegment(@UuidParam('id') id: string, @IfMatch() version: number): Promise<SegmentView> {
    const { segment, size } = await this.segments.archive(id, version);
    return SegmentView.of(segment, size);
  }

  /** Customers who belong to the segment now. */
  @Get(':id/members')
  @Allow('segment', 'read')
  @ApiList(memberList, MemberView)
  async listSegmentMembers(
    @UuidParam('id') id: string,
    @List(memberList) query: ParsedList,
  ): Promise<Page<MemberView>> {
    const found = await this.segments.members(id, query);
    return { ...found, data: found.data.map(memberView) };
  }

  /** Adds customers to a static list and takes others off; customers out of the caller's reach are passed over. */
  @Post(':id/members')
  @HttpCode(200)
  @Allow('segment', 'update')
  changeSegmentMembers(@UuidParam('id') id: string, @Body() body: ChangeMembers): Promise<MembersChanged> {
    return this.segments.changeMembers(id, body);
  }

  /** When one customer came into the segment and left it, newest first, and which event was the cause. */
  @Get(':id/members/:customerId/history')
  @Allow('segment', 'read')
  getMembershipHistory(
    @UuidParam('id') id: string,
    @UuidParam('customerId') customerId: string,
  ): Promise<MembershipStep[]> {
    return this.segments.history(id, customerId);
  }
}

function memberView(customer: Customer): MemberView {
  const {
    id,
    code,
    displayName,
    category,
    province,
    branchId,
    rank,
    lifetimeValue,
    marketingChannels,
    openSevereComplaints,
  } = customer;
  return {
    id,
    code,
    displayName,
    category,
    province,
    branchId,
    rank,
    lifetimeValue,
    marketingChannels,
    openSevereComplaints,
  };
}
