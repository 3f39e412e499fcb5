import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, IfMatch, List, Shows, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import type { Department } from './department.entity.js';
import { ChangeDepartment, CreateDepartment, DepartmentView } from './departments.dto.js';
import { departments } from './departments.list.js';
import { DepartmentsService } from './departments.service.js';

@ApiTags('Departments')
@Controller('departments')
export class DepartmentsController {
  constructor(private readonly service: DepartmentsService) {}

  @Post()
  @Allow('department', 'create')
  @ApiOperation({ summary: 'Set up a department', description: 'Departments are one flat list over all branches.' })
  @Shows(DepartmentView, 201)
  createDepartment(@Body() body: CreateDepartment): Promise<Department> {
    return this.service.create(body);
  }

  @Get()
  @Allow('department', 'read')
  @ApiList(departments, DepartmentView)
  @ApiOperation({
    summary: 'List departments',
    description: 'Those out of use are in the list too; filter by `active`.',
  })
  listDepartments(@List(departments) query: ParsedList): Promise<Page<Department>> {
    return this.service.list(query);
  }

  @Get(':id')
  @Allow('department', 'read')
  @ApiOperation({ summary: 'Read a department', description: "The answer's ETag is needed to change the department." })
  @Shows(DepartmentView)
  getDepartment(@UuidParam('id') id: string): Promise<Department> {
    return this.service.get(id);
  }

  @Patch(':id')
  @Allow('department', 'update')
  @Shows(DepartmentView)
  @ApiOperation({
    summary: 'Rename a department or take it out of use',
    description: 'Its code stays, because other services keep it.',
  })
  changeDepartment(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ChangeDepartment,
  ): Promise<Department> {
    return this.service.change(id, version, body);
  }
}
