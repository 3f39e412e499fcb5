import { IsBoolean, IsInt, IsString, IsUUID, MaxLength, Min } from 'class-validator';
import { State } from '../declaration.js';
import { stateTopic } from '../topic.js';

export const segmentMembershipStateTopic = stateTopic(
  'marketing',
  'segment-membership',
  'Who is in which segment now; the key joins segment and customer.',
);

@State('crm.marketing.segment-membership', { version: 1, topic: segmentMembershipStateTopic, key: 'membershipId' })
export class SegmentMembershipState {
  /** `<segmentId>.<customerId>`. */
  @IsString() @MaxLength(80) membershipId!: string;
  @IsInt() @Min(0) version!: number;
  @IsUUID() segmentId!: string;
  @IsUUID() customerId!: string;
  @IsBoolean() member!: boolean;
}
