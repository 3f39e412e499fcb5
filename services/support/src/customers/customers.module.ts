import { Slice } from '@quen/chassis';
import { Customer } from './customer.entity.js';
import { customerReplica, customerValueReplica } from './customer.replica.js';
import { CustomersService } from './customers.service.js';

@Slice({
  entities: [Customer],
  providers: [CustomersService],
  exports: [CustomersService],
  replicas: [customerReplica, customerValueReplica],
})
export class CustomersModule {}
