import { Slice } from '@quen/chassis';
import { Customer } from './customer.entity.js';
import { CustomersService } from './customers.service.js';

@Slice({
  entities: [Customer],
  providers: [CustomersService],
  exports: [CustomersService],
})
export class CustomersModule {}
