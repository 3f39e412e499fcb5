import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
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
  type ShownAs,
} from '@quen/chassis';
import type { Contract } from './contract.entity.js';
import {
  ContractDetail,
  ContractView,
  CreateContract,
  EndContract,
  SignContract,
  UpdateContract,
} from './contracts.dto.js';
import { contracts, ContractsService } from './contracts.service.js';

@ApiTags('contracts')
@Controller('contracts')
export class ContractsController {
  constructor(private readonly service: ContractsService) {}

  /** Drafts a contract from an accepted quote. */
  @Post()
  @Allow('contract', 'create')
  @Shows(ContractDetail, 201)
  createContract(@Body() body: CreateContract, @CurrentUser() caller: Principal): Promise<ShownAs<ContractDetail>> {
    return this.service.create(body, caller);
  }

  /** Lists contracts. */
  @Get()
  @Allow('contract', 'read')
  @ApiList(contracts, ContractView)
  listContracts(@List(contracts) query: ParsedList): Promise<Page<Contract>> {
    return this.service.list(query);
  }

  /** Shows a contract with its history. */
  @Get(':id')
  @Allow('contract', 'read')
  @Shows(ContractDetail)
  getContract(@UuidParam('id') id: string): Promise<ShownAs<ContractDetail>> {
    return this.service.get(id);
  }

  /** Changes a contract while it is drafted. */
  @Patch(':id')
  @Allow('contract', 'update')
  @Shows(ContractDetail)
  updateContract(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateContract,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<ContractDetail>> {
    return this.service.update(id, version, body, caller);
  }

  /** Notes the signature, which puts the contract in force. */
  @Post(':id/sign')
  @HttpCode(200)
  @Allow('contract', 'sign')
  @Shows(ContractDetail)
  signContract(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: SignContract,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<ContractDetail>> {
    return this.service.sign(id, version, body, caller);
  }

  /** Ends a contract in force. One whose last day is over ends by itself. */
  @Post(':id/end')
  @HttpCode(200)
  @Allow('contract', 'end')
  @Shows(ContractDetail)
  endContract(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: EndContract,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<ContractDetail>> {
    return this.service.end(id, version, body, caller);
  }
}
