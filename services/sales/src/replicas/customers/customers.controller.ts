import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, CurrentUser, Shows, UuidParam, type Principal } from '@quen/chassis';
import { CustomerOverview } from './customers.dto.js';
import { OverviewService } from './overview.service.js';

@ApiTags('customers')
@Controller('customers')
export class CustomersController {
  constructor(private readonly service: OverviewService) {}

  /**
   * Shows what a seller should know before speaking to a customer: traits, rank and value, past orders and terms, open
   * opportunities and cases.
   * @remarks For whoever may read the customer. Whoever works a lead or an opportunity with another branch's customer
   * sees traits and the own business with it.
   */
  @Get(':customerId/overview')
  @Allow('customer', 'read')
  @Shows(CustomerOverview)
  getCustomerOverview(@UuidParam('customerId') id: string, @CurrentUser() user: Principal): Promise<CustomerOverview> {
    return this.service.overview(id, user);
  }
}
