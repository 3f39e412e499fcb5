import { IsIn, IsInt, IsOptional, IsUUID, Min } from 'class-validator';
import { Event } from '../declaration.js';
import { factTopic } from '../topic.js';

export const callTopic = factTopic('support', 'call', 'Calls with customers that were logged.');

@Event('crm.support.call-logged', { version: 1, topic: callTopic, key: 'callId' })
export class CallLogged {
  @IsUUID() callId!: string;
  @IsUUID() customerId!: string;
  @IsIn(['in', 'out']) direction!: 'in' | 'out';
  @IsInt() @Min(0) seconds!: number;
  @IsOptional() @IsUUID() agentId?: string;
  @IsOptional() @IsUUID() caseId?: string;
}
