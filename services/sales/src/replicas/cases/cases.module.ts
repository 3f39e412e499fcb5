import { Slice } from '@quen/chassis';
import { SupportCase, supportCaseReplica } from './support-case.replica.js';

@Slice({
  entities: [SupportCase],
  replicas: [supportCaseReplica],
})
export class CasesModule {}
