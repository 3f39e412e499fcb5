import {
  Body,
  Controller,
  createParamDecorator,
  Get,
  Headers,
  Patch,
  Post,
  Query,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiExport,
  ApiList,
  CurrentUser,
  Export,
  Exports,
  IfMatch,
  invalid,
  languageOf,
  List,
  Rights,
  Shows,
  UuidParam,
  type ExportRequest,
  type Job,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import { InsightsService } from '../insights/insights.service.js';
import { customerExport } from './customer-export.js';
import { customerList } from './customer-search.js';
import type { Customer } from './customer.entity.js';
import { candidateView, viewOf, warningsOf, type Reader } from './customer.view.js';
import {
  CandidatesView,
  CreateCustomer,
  CustomerView,
  LookupView,
  RegisteredCustomerView,
  TransferCustomer,
  UpdateCustomer,
} from './customers.dto.js';
import { CustomersService } from './customers.service.js';

/** The search text as typed, unless the caller asked for an order. */
const RankedSearch = createParamDecorator((_: unknown, host: ExecutionContext): string | undefined => {
  const { q, sort } = host.switchToHttp().getRequest<{ query: { q?: unknown; sort?: unknown } }>().query;
  return typeof q === 'string' && sort === undefined ? q : undefined;
});

@ApiTags('Customers')
@Controller('customers')
export class CustomersController {
  constructor(
    private readonly customers: CustomersService,
    private readonly insights: InsightsService,
    private readonly rights: Rights,
    private readonly exports: Exports,
  ) {}

  @Post()
  @Allow('customer', 'create')
  @ApiOperation({
    summary: 'Register a customer',
    description:
      'Names records that may be the same as `candidates`. When a tax code, citizen id or external id tells that the customer is there already, the answer is 409 unless `allowDuplicate` is sent. A citizen id is compared only with those that you may read.',
  })
  @Shows(RegisteredCustomerView, 201, 'The customer was registered.')
  async createCustomer(
    @Body() body: CreateCustomer,
    @CurrentUser() user: Principal,
    @Headers('accept-language') language?: string,
  ): Promise<ShownAs<RegisteredCustomerView>> {
    const { customer, candidates } = await this.customers.create(body, user);
    // What is odd of a citizen id is told to whoever has just typed it.
    return {
      ...viewOf(customer, undefined, await this.readerOf(user, language)),
      warnings: warningsOf(customer, languageOf(language), true),
      candidates: candidates.map(candidateView),
    };
  }

  @Post('exports')
  @Allow('customer', 'export')
  @ApiOperation({
    summary: 'Export customers',
    description: 'The customers that the list gives, as a file of the job; citizen ids for those who may read them.',
  })
  @ApiExport(customerExport)
  exportCustomers(@Export(customerExport) request: ExportRequest, @CurrentUser() user: Principal): Promise<Job> {
    return this.exports.begin(request, user);
  }

  @Get()
  @Allow('customer', 'read')
  @ApiOperation({
    summary: 'List or search customers',
    description:
      'Search finds words with or without Vietnamese marks; what was typed with marks comes first unless `sort` is given.',
  })
  @ApiList(customerList, CustomerView)
  async listCustomers(
    @List(customerList) query: ParsedList,
    @RankedSearch() ranked: string | undefined,
    @CurrentUser() user: Principal,
    @Headers('accept-language') language?: string,
  ): Promise<Page<ShownAs<CustomerView>>> {
    const page = await this.customers.list(query, ranked);
    return { ...page, data: await this.views(page.data, await this.readerOf(user, language)) };
  }

  @Get('lookup')
  @Allow('customer', 'read')
  @ApiOperation({
    summary: 'Look a customer up by a key',
    description:
      'The key may be a phone number in any spelling, an e-mail address, a tax code, a citizen id, the customer code, or an id of another system as `system:id`. One index probe. A citizen id leads only to customers whose citizen id you may read.',
  })
  @ApiQuery({
    name: 'key',
    required: true,
    description: 'The key.',
    schema: { type: 'string', maxLength: 254 },
    example: '0912 345 678',
  })
  @Shows(LookupView, 200, 'Whom the key leads to; none when nobody has it.')
  async lookUpCustomer(
    @CurrentUser() user: Principal,
    @Query('key') key: string = '',
    @Headers('accept-language') language?: string,
  ): Promise<ShownAs<LookupView>> {
    if (!key.trim()) throw invalid({ pointer: '?key', code: 'is_not_empty', message: 'must be given', vi: 'phải cho' });
    if (key.length > 254)
      throw invalid({
        pointer: '?key',
        code: 'max_length',
        message: 'must be no longer than 254 characters',
        vi: 'không được dài quá 254 ký tự',
      });
    return { data: await this.views(await this.customers.lookup(key, user), await this.readerOf(user, language)) };
  }

  @Get(':id')
  @Allow('customer', 'read')
  @ApiOperation({
    summary: 'Read a customer',
    description: 'With the answers about consent now, and rank and value where they are known.',
  })
  @Shows(CustomerView, 200, 'The customer.')
  async getCustomer(
    @UuidParam('id') id: string,
    @CurrentUser() user: Principal,
    @Headers('accept-language') language?: string,
  ): Promise<ShownAs<CustomerView>> {
    return this.view(await this.customers.find(id), user, language);
  }

  @Patch(':id')
  @Allow('customer', 'update')
  @ApiOperation({
    summary: 'Correct a customer',
    description:
      'A merge patch: fields that are left out stay, null clears. To write or clear a citizen id, or a tax code that is one, takes a permission of its own.',
  })
  @Shows(CustomerView, 200, 'The customer as it is now.')
  async updateCustomer(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateCustomer,
    @CurrentUser() user: Principal,
    @Headers('accept-language') language?: string,
  ): Promise<ShownAs<CustomerView>> {
    return this.view(await this.customers.update(id, version, body, user), user, language);
  }

  @Post(':id/transfer')
  @Allow('customer', 'transfer')
  @ApiOperation({ summary: 'Change branch and owner', description: 'Puts the customer into other hands.' })
  @Shows(CustomerView, 201, 'The customer as it is now.')
  async transferCustomer(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: TransferCustomer,
    @CurrentUser() user: Principal,
    @Headers('accept-language') language?: string,
  ): Promise<ShownAs<CustomerView>> {
    return this.view(await this.customers.transfer(id, version, body, user), user, language);
  }

  @Get(':id/candidates')
  @Allow('customer', 'read')
  @ApiOperation({
    summary: 'Possible duplicates of a customer',
    description:
      'Records that may be the same, with score and reasons. Of those that you may not see only that there is one.',
  })
  @Shows(CandidatesView, 200, 'The likeliest first, at most 20.')
  async listCandidates(@UuidParam('id') id: string, @CurrentUser() user: Principal): Promise<CandidatesView> {
    return { data: (await this.customers.candidates(id, user)).map(candidateView) };
  }

  private async view(
    customer: Customer,
    user: Principal,
    language: string | undefined,
  ): Promise<ShownAs<CustomerView>> {
    const [view] = await this.views([customer], await this.readerOf(user, language));
    return view!;
  }

  private async views(customers: Customer[], reader: Reader): Promise<ShownAs<CustomerView>[]> {
    const insights = await this.insights.of(customers.map(({ id }) => id));
    return customers.map((customer) => viewOf(customer, insights.get(customer.id), reader));
  }

  private async readerOf(user: Principal, language: string | undefined): Promise<Reader> {
    return {
      language: languageOf(language),
      citizenIds: await this.rights.within(user, 'customer', 'read-citizen-id'),
    };
  }
}
