import {
  IsBoolean,
  IsDateString,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Event, State } from '../declaration.js';
import { factTopic, stateTopic } from '../topic.js';
import { defineWords } from '../vocabulary.js';

export const caseTopic = factTopic(
  'support',
  'case',
  'Cases and complaints: opened, assigned, answered, solved, reopened, rated; deadlines that were missed.',
);
export const caseStateTopic = stateTopic('support', 'case', 'Each case as it is now.');

export const caseKinds = ['question', 'request', 'complaint', 'incident'] as const;
export type CaseKind = (typeof caseKinds)[number];
defineWords(caseKinds, {
  question: { en: 'question', vi: 'câu hỏi' },
  request: { en: 'request', vi: 'yêu cầu' },
  complaint: { en: 'complaint', vi: 'khiếu nại' },
  incident: { en: 'incident', vi: 'sự cố' },
});
export const caseSeverities = ['low', 'normal', 'high', 'critical'] as const;
export type CaseSeverity = (typeof caseSeverities)[number];
defineWords(caseSeverities, {
  low: { en: 'low', vi: 'thấp' },
  normal: { en: 'normal', vi: 'thường' },
  high: { en: 'high', vi: 'cao' },
  critical: { en: 'critical', vi: 'nghiêm trọng' },
});
export const caseChannels = ['call', 'email', 'web', 'chat', 'zalo', 'social', 'face-to-face'] as const;
export type CaseChannel = (typeof caseChannels)[number];
defineWords(caseChannels, {
  call: { en: 'call', vi: 'cuộc gọi' },
  email: { en: 'email', vi: 'email' },
  web: { en: 'web', vi: 'trang web' },
  chat: { en: 'chat', vi: 'chat' },
  zalo: { en: 'zalo', vi: 'zalo' },
  social: { en: 'social', vi: 'mạng xã hội' },
  'face-to-face': { en: 'face-to-face', vi: 'gặp trực tiếp' },
});
export const caseStatuses = ['new', 'open', 'waiting', 'solved', 'closed'] as const;
export type CaseStatus = (typeof caseStatuses)[number];
export const deadlineKinds = ['first-response', 'next-response', 'solution'] as const;
export type DeadlineKind = (typeof deadlineKinds)[number];
defineWords(deadlineKinds, {
  'first-response': { en: 'first-response', vi: 'phản hồi đầu' },
  'next-response': { en: 'next-response', vi: 'phản hồi tiếp' },
  solution: { en: 'solution', vi: 'giải quyết' },
});

@Event('crm.support.case-opened', {
  version: 1,
  topic: caseTopic,
  key: 'caseId',
  tells: {
    en: 'Case {code}: {kind}, {severity}, by {channel}',
    vi: 'Mở yêu cầu {code}: {kind}, mức {severity}, qua {channel}',
  },
})
export class CaseOpened {
  @IsUUID() caseId!: string;
  @IsString() @MaxLength(40) code!: string;
  @IsUUID() customerId!: string;
  @IsIn(caseKinds) kind!: CaseKind;
  @IsIn(caseSeverities) severity!: CaseSeverity;
  @IsIn(caseChannels) channel!: CaseChannel;
  @IsString() @MaxLength(60) category!: string;
  @IsUUID() branchId!: string;
}

@Event('crm.support.case-assigned', {
  version: 1,
  topic: caseTopic,
  key: 'caseId',
  tells: { en: 'Case assigned', vi: 'Phân công yêu cầu' },
})
export class CaseAssigned {
  @IsUUID() caseId!: string;
  @IsUUID() customerId!: string;
  @IsUUID() agentId!: string;
}

@Event('crm.support.case-answered', {
  version: 1,
  topic: caseTopic,
  key: 'caseId',
  tells: { en: 'Case answered', vi: 'Trả lời yêu cầu' },
})
export class CaseAnswered {
  @IsUUID() caseId!: string;
  @IsUUID() customerId!: string;
  @IsUUID() agentId!: string;
  @IsBoolean() first!: boolean;
}

@Event('crm.support.case-solved', {
  version: 1,
  topic: caseTopic,
  key: 'caseId',
  tells: {
    en: 'Case solved after {workingMinutes} working minutes {cause}',
    vi: 'Giải quyết yêu cầu sau {workingMinutes} phút làm việc {cause}',
  },
})
export class CaseSolved {
  @IsUUID() caseId!: string;
  @IsUUID() customerId!: string;
  @IsOptional() @IsUUID() agentId?: string;
  @IsIn(caseKinds) kind!: CaseKind;
  @IsIn(caseSeverities) severity!: CaseSeverity;
  /**
   * From the first opening to this solution by the clock of the deadline, pauses and closed hours left out: how long
   * the customer waited, not what was worked.
   */
  @IsInt() @Min(0) workingMinutes!: number;
  /**
   * Minutes of work that agents logged since the opening, or since the solution before; absent where nobody logged any.
   */
  @IsOptional() @IsInt() @Min(0) workedMinutes?: number;
  /** Where the customer came in. */
  @IsOptional() @IsIn(caseChannels) channel?: CaseChannel;
  @IsOptional() @IsString() @MaxLength(60) cause?: string;
}

@Event('crm.support.case-reopened', {
  version: 1,
  topic: caseTopic,
  key: 'caseId',
  tells: { en: 'Case reopened', vi: 'Mở lại yêu cầu' },
})
export class CaseReopened {
  @IsUUID() caseId!: string;
  @IsUUID() customerId!: string;
  @IsIn(caseKinds) kind!: CaseKind;
  @IsIn(caseSeverities) severity!: CaseSeverity;
  /** Where the customer came in. */
  @IsOptional() @IsIn(caseChannels) channel?: CaseChannel;
}

@Event('crm.support.deadline-breached', {
  version: 1,
  topic: caseTopic,
  key: 'caseId',
  tells: { en: 'Deadline missed: {deadline}', vi: 'Trễ hạn: {deadline}' },
})
export class DeadlineBreached {
  @IsUUID() caseId!: string;
  @IsUUID() customerId!: string;
  @IsIn(deadlineKinds) deadline!: DeadlineKind;
  @IsDateString() dueAt!: string;
}

@Event('crm.support.case-rated', {
  version: 1,
  topic: caseTopic,
  key: 'caseId',
  tells: { en: 'Rated the case {rating} of 5', vi: 'Đánh giá yêu cầu {rating}/5' },
})
export class CaseRated {
  @IsUUID() caseId!: string;
  @IsUUID() customerId!: string;
  /** 1 is worst, 5 is best. */
  @IsInt() @Min(1) @Max(5) rating!: number;
}

@State('crm.support.case', { version: 1, topic: caseStateTopic, key: 'caseId' })
export class CaseState {
  @IsUUID() caseId!: string;
  @IsInt() @Min(0) version!: number;
  @IsString() @MaxLength(40) code!: string;
  @IsUUID() customerId!: string;
  @IsIn(caseKinds) kind!: CaseKind;
  @IsIn(caseSeverities) severity!: CaseSeverity;
  @IsString() @MaxLength(60) category!: string;
  @IsIn(caseStatuses) status!: CaseStatus;
  @IsUUID() branchId!: string;
  @IsOptional() @IsUUID() agentId?: string;
  @IsDateString() openedAt!: string;
  @IsOptional() @IsDateString() solvedAt?: string;
  @IsOptional() @IsDateString() firstResponseDueAt?: string;
  @IsOptional() @IsDateString() solutionDueAt?: string;
  /** The judgement of the present solution. */
  @IsOptional() @IsInt() @Min(1) @Max(5) rating?: number;
  @IsOptional() @IsIn(caseChannels) channel?: CaseChannel;
  /** All minutes of work that agents logged. */
  @IsOptional() @IsInt() @Min(0) workedMinutes?: number;
}
