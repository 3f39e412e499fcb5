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
import type { Case } from './case.entity.js';
import {
  AnswerCase,
  AssignCase,
  CaseLogEntry,
  CaseText,
  CaseView,
  DeadlinesView,
  LogTime,
  OpenCase,
  RateCase,
  SolveCase,
  UpdateCase,
} from './cases.dto.js';
import { cases, CasesService } from './cases.service.js';

@ApiTags('cases')
@Controller('cases')
export class CasesController {
  constructor(private readonly cases: CasesService) {}

  /**
   * Open a case
   * @remarks A question, request, complaint or incident from any channel; its deadlines and its place in the queue
   * follow at once.
   */
  @Post()
  @Allow('case', 'create')
  @Shows(CaseView, 201)
  openCase(@Body() body: OpenCase): Promise<Case> {
    return this.cases.open(body);
  }

  /**
   * Cases
   * @remarks Of the caller's branches, filtered, sorted and searched.
   */
  @Get()
  @Allow('case', 'read')
  @ApiList(cases, CaseView)
  listCases(@List(cases) query: ParsedList): Promise<Page<Case>> {
    return this.cases.list(query);
  }

  /**
   * One case
   * @remarks With its deadlines and the version that changes need.
   */
  @Get(':id')
  @Allow('case', 'read')
  @Shows(CaseView)
  getCase(@UuidParam('id') id: string): Promise<Case> {
    return this.cases.get(id);
  }

  /**
   * The log of a case
   * @remarks Everything that was done, in order; nothing in it is ever changed.
   */
  @Get(':id/log')
  @Allow('case', 'read')
  @ShowsEach(CaseLogEntry)
  listCaseLog(@UuidParam('id') id: string): Promise<ShownAs<CaseLogEntry>[]> {
    return this.cases.log(id);
  }

  /**
   * Why the deadlines are what they are
   * @remarks The stretches of working time used, the targets, and the versions of policy and calendar.
   */
  @Get(':id/deadlines')
  @Allow('case', 'read')
  @Shows(DeadlinesView)
  explainDeadlines(@UuidParam('id') id: string): Promise<ShownAs<DeadlinesView>> {
    return this.cases.explainDeadlines(id);
  }

  /**
   * Correct a case
   * @remarks A change of severity or kind moves deadlines and place in the queue.
   */
  @Patch(':id')
  @Allow('case', 'update')
  @Shows(CaseView)
  updateCase(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: UpdateCase): Promise<Case> {
    return this.cases.update(id, version, body);
  }

  /**
   * Assign a case
   * @remarks To the agent who is to work it.
   */
  @Post(':id/assign')
  @HttpCode(200)
  @Allow('case', 'update')
  @Shows(CaseView)
  assignCase(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: AssignCase): Promise<Case> {
    return this.cases.assign(id, version, body.agentId);
  }

  /**
   * Answer the customer
   * @remarks The first answer meets the first deadline; waiting for the customer stops the clock of the other.
   */
  @Post(':id/answer')
  @HttpCode(200)
  @Allow('case', 'update')
  @Shows(CaseView)
  answerCase(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @CurrentUser() user: Principal,
    @Body() body: AnswerCase,
  ): Promise<Case> {
    return this.cases.answer(id, version, user, body);
  }

  /**
   * Add an internal note
   * @remarks The customer never sees it.
   */
  @Post(':id/notes')
  @HttpCode(200)
  @Allow('case', 'update')
  @Shows(CaseView)
  noteOnCase(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: CaseText): Promise<Case> {
    return this.cases.note(id, version, body);
  }

  /**
   * Log time
   * @remarks Minutes of work on the case, which its cost is counted by. Answers, notes and the solution take minutes
   * themselves; where nobody logs any, a contact costs what its channel does.
   */
  @Post(':id/time')
  @HttpCode(200)
  @Allow('case', 'update')
  @Shows(CaseView)
  logTimeOnCase(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: LogTime): Promise<Case> {
    return this.cases.logTime(id, version, body);
  }

  /**
   * Take in what the customer wrote
   * @remarks A case that waited goes on; a solved one is reopened.
   */
  @Post(':id/customer-messages')
  @HttpCode(200)
  @Allow('case', 'update')
  @Shows(CaseView)
  takeCustomerMessage(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: CaseText): Promise<Case> {
    return this.cases.customerWrote(id, version, body);
  }

  /**
   * Solve a case
   * @remarks With what was done and what was behind it.
   */
  @Post(':id/solve')
  @HttpCode(200)
  @Allow('case', 'update')
  @Shows(CaseView)
  solveCase(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: SolveCase): Promise<Case> {
    return this.cases.solve(id, version, body);
  }

  /**
   * Reopen a case
   * @remarks Because the solution did not hold.
   */
  @Post(':id/reopen')
  @HttpCode(200)
  @Allow('case', 'update')
  @Shows(CaseView)
  reopenCase(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: CaseText): Promise<Case> {
    return this.cases.reopen(id, version, body);
  }

  /**
   * Close a case
   * @remarks A solved case that nobody may reopen any more; all it still takes is a first rating.
   */
  @Post(':id/close')
  @HttpCode(200)
  @Allow('case', 'update')
  @Shows(CaseView)
  closeCase(@UuidParam('id') id: string, @IfMatch() version: number): Promise<Case> {
    return this.cases.close(id, version);
  }

  /**
   * Rate the solution
   * @remarks The customer's judgement of the present solution, 1 to 5; reopening takes it back. A closed case is rated
   * once.
   */
  @Post(':id/rate')
  @HttpCode(200)
  @Allow('case', 'update')
  @Shows(CaseView)
  rateCase(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: RateCase): Promise<Case> {
    return this.cases.rate(id, version, body);
  }
}
