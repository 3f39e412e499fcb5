import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow, UuidParam } from '@quen/chassis';
import { CustomerOverview } from './customers.dto.js';
import { OverviewService } from './overview.service.js';

@ApiTags('customers')
@Controller('customers')
export class CustomersController {
  constructor(private readonly service: OverviewService) {}

  /** Shows what a seller should know before speaking to a customer: traits, rank and value, past orders and terms, open opportunities and cases. */
  @Get(':customerId/overview')
  @Allow('customer', 'read')
  @ApiOkResponse({ type: CustomerOverview })
  getCustomerOverview(@UuidParam('customerId') id: string): Promise<CustomerOverview> {
    return this.service.overview(id);
  }
}
