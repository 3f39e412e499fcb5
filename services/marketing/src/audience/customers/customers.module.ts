import { Slice } from '@quen/chassis';
import { Customer } from './customer.entity.js';
import { customerReplica, insightReplica, supportCaseReplica } from './customer.replicas.js';
import { CustomersService } from './customers.service.js';
import { SupportCase } from './support-case.entity.js';

@Slice({
  entities: [Customer, SupportCase],
  providers: [CustomersService],
  exports: [CustomersService],
  replicas: [customerReplica, insightReplica, supportCaseReplica],
})
export class CustomersModule {}
