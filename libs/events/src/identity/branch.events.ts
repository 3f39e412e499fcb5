import { IsBoolean, IsInt, IsOptional, IsString, IsUUID, MaxLength, Min } from 'class-validator';
import { State } from '../declaration.js';
import { stateTopic } from '../topic.js';

export const branchStateTopic = stateTopic(
  'identity',
  'branch',
  'The tree of branches, each with the path from the root.',
);

@State('crm.identity.branch', { version: 1, topic: branchStateTopic, key: 'branchId' })
export class BranchState {
  @IsUUID() branchId!: string;
  @IsInt() @Min(0) version!: number;
  /** Short code, e.g. `HN-CG`. */
  @IsString() @MaxLength(20) code!: string;
  @IsString() @MaxLength(200) name!: string;
  @IsOptional() @IsUUID() parentId?: string;
  /**
   * Ids from the root down to this branch, joined by dots; a branch's subtree is every path that begins with its own.
   */
  @IsString() @MaxLength(1000) path!: string;
  /** Province, as in addresses. */
  @IsOptional() @IsString() @MaxLength(100) province?: string;
  @IsBoolean() active!: boolean;
}
