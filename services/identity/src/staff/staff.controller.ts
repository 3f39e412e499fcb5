import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  IfMatch,
  List,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { ChangePassword, ChangeStaff, ReportAbsence, SetPassword, StaffView, TakeOnStaff } from './staff.dto.js';
import type { Staff } from './staff.entity.js';
import { staffList } from './staff.list.js';
import { StaffService } from './staff.service.js';

@ApiTags('Staff')
@Controller('staff')
export class StaffController {
  constructor(private readonly service: StaffService) {}

  @Post()
  @Allow('staff', 'create')
  @Shows(StaffView, 201)
  @ApiOperation({
    summary: 'Take someone on',
    description: 'Gives roles and a branch. To sign in they also need a password: set a temporary one.',
  })
  createStaff(@Body() body: TakeOnStaff): Promise<Staff> {
    return this.service.takeOn(body);
  }

  @Get()
  @Allow('staff', 'read')
  @ApiList(staffList, StaffView)
  @ApiOperation({
    summary: 'List staff',
    description: "Those whom the caller's scope reaches: themselves, their branch with everything below it, or all.",
  })
  listStaff(@List(staffList) query: ParsedList): Promise<Page<Staff>> {
    return this.service.list(query);
  }

  @Get(':id')
  @Allow('staff', 'read')
  @ApiOperation({ summary: 'Read a member of staff', description: "The answer's ETag is needed to change the record." })
  @Shows(StaffView)
  getStaff(@UuidParam('id') id: string): Promise<Staff> {
    return this.service.get(id);
  }

  @Patch(':id')
  @Allow('staff', 'update')
  @Shows(StaffView)
  @ApiOperation({
    summary: 'Change a member of staff',
    description: 'Roles and branch count from the next token on, within ten minutes.',
  })
  changeStaff(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: ChangeStaff): Promise<Staff> {
    return this.service.change(id, version, body);
  }

  @Put(':id/absence')
  @Allow('staff', 'absence')
  @Shows(StaffView)
  @ApiOperation({
    summary: 'Report a leave',
    description: 'Replaces the leave that was known. Other services route nothing to whoever is away.',
  })
  reportAbsence(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: ReportAbsence): Promise<Staff> {
    return this.service.reportAbsence(id, version, body);
  }

  @Delete(':id/absence')
  @HttpCode(200)
  @Allow('staff', 'absence')
  @ApiOperation({ summary: 'End a leave', description: 'They are back, or the leave is called off.' })
  @Shows(StaffView)
  endAbsence(@UuidParam('id') id: string, @IfMatch() version: number): Promise<Staff> {
    return this.service.endAbsence(id, version);
  }

  @Post(':id/deactivate')
  @HttpCode(200)
  @Allow('staff', 'deactivate')
  @Shows(StaffView)
  @ApiOperation({
    summary: 'Let someone go',
    description: 'They can no longer sign in and their sessions end. The record stays.',
  })
  deactivateStaff(@UuidParam('id') id: string, @IfMatch() version: number): Promise<Staff> {
    return this.service.deactivate(id, version);
  }

  @Post(':id/reactivate')
  @HttpCode(200)
  @Allow('staff', 'deactivate')
  @ApiOperation({ summary: 'Take someone on again', description: 'With the roles and the branch that they had.' })
  @Shows(StaffView)
  reactivateStaff(@UuidParam('id') id: string, @IfMatch() version: number): Promise<Staff> {
    return this.service.reactivate(id, version);
  }

  @Put(':id/temporary-password')
  @HttpCode(204)
  @Allow('staff', 'set-password')
  @ApiOperation({
    summary: 'Set a temporary password',
    description: 'Its owner has to replace it at the next sign-in. Their sessions end.',
  })
  async setStaffPassword(@UuidParam('id') id: string, @Body() body: SetPassword): Promise<void> {
    await this.service.setPassword(id, body.password);
  }

  @Put(':id/password')
  @HttpCode(204)
  @Allow('staff', 'change-password')
  @ApiOperation({
    summary: "Change one's own password",
    description: "Needs the present one. Ends one's sessions everywhere.",
  })
  async changeOwnPassword(
    @CurrentUser() user: Principal,
    @UuidParam('id') id: string,
    @Body() body: ChangePassword,
  ): Promise<void> {
    await this.service.changePassword(user, id, body);
  }
}
