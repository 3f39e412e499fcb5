import { IsIn, IsString, IsUUID, MaxLength, MinLength } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';

export class RecordResponse {
  /** Who answered; must have a message of the campaign. */
  @IsUUID() customerId!: string;
  /** What was said; becomes the lead's interest. @example 'Hỏi giá máy lọc nước cho gia đình 5 người' */
  @MayBeOmitted() @IsString() @MinLength(1) @MaxLength(1000) note?: string;
}

export class ResponseView {
  @IsUUID() id!: string;
  @IsUUID() messageId!: string;
  @IsUUID() campaignId!: string;
  @IsUUID() customerId!: string;
  @IsIn(['link', 'manual', 'reply']) via!: 'link' | 'manual' | 'reply';
  note!: string | null;
  createdAt!: string;
}
