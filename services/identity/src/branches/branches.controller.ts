import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, IfMatch, List, Shows, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import type { Branch } from './branch.entity.js';
import { BranchView, ChangeBranch, OpenBranch } from './branches.dto.js';
import { branches } from './branches.list.js';
import { BranchesService } from './branches.service.js';

@ApiTags('Branches')
@Controller('branches')
export class BranchesController {
  constructor(private readonly service: BranchesService) {}

  @Post()
  @Allow('branch', 'create')
  @Shows(BranchView, 201)
  @ApiOperation({
    summary: 'Open a branch',
    description: 'Opens a branch below another one, or a root. Other services learn of it from the state topic.',
  })
  openBranch(@Body() body: OpenBranch): Promise<Branch> {
    return this.service.open(body);
  }

  @Get()
  @Allow('branch', 'read')
  @ApiList(branches, BranchView)
  @ApiOperation({
    summary: 'List branches',
    description: 'The whole tree is open to staff; sort by `path` to read it from the root down.',
  })
  listBranches(@List(branches) query: ParsedList): Promise<Page<Branch>> {
    return this.service.list(query);
  }

  @Get(':id')
  @Allow('branch', 'read')
  @ApiOperation({ summary: 'Read a branch', description: "The answer's ETag is needed to change the branch." })
  @Shows(BranchView)
  getBranch(@UuidParam('id') id: string): Promise<Branch> {
    return this.service.get(id);
  }

  @Patch(':id')
  @HttpCode(200)
  @Allow('branch', 'update')
  @Shows(BranchView)
  @ApiOperation({
    summary: 'Change, move, close or reopen a branch',
    description:
      'A move takes everything below along. A branch with open branches, active staff or clients cannot be closed.',
  })
  changeBranch(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: ChangeBranch): Promise<Branch> {
    return this.service.change(id, version, body);
  }
}
