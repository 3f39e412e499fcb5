import { Slice } from '@quen/chassis';
import { Customer } from './customer.entity.js';
import { CustomersService } from './customers.service.js';

@Slice({
  entities: [Customer],
  tables: { owns: ['support_case'] },
  providers: [CustomersService],
  exports: [CustomersService],
})
export class CustomersModule {}
