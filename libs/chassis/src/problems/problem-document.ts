import { Problem, type Language, type ProblemDetail, type ProblemKind } from '@quen/messaging';

/** An RFC 9457 problem document. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  traceId?: string;
  errors?: readonly ProblemDetail[];
  [member: string]: unknown;
}

const statusOfKind: Record<ProblemKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  unprocessable: 422,
  precondition_required: 428,
  too_many: 429,
  internal: 500,
  unavailable: 503,
};

const titles: Record<ProblemKind, Record<Language, string>> = {
  invalid: { en: 'Invalid request', vi: 'Yêu cầu không hợp lệ' },
  unauthenticated: { en: 'Not signed in', vi: 'Chưa đăng nhập' },
  forbidden: { en: 'Not allowed', vi: 'Không được phép' },
  not_found: { en: 'Not found', vi: 'Không tìm thấy' },
  conflict: { en: 'Conflict', vi: 'Xung đột' },
  stale: { en: 'Changed meanwhile', vi: 'Đã bị thay đổi' },
  too_large: { en: 'Too large', vi: 'Quá lớn' },
  unprocessable: { en: 'Against a rule', vi: 'Trái quy tắc' },
  precondition_required: { en: 'Precondition required', vi: 'Cần điều kiện trước' },
  too_many: { en: 'Too many requests', vi: 'Quá nhiều yêu cầu' },
  internal: { en: 'Failure on our side', vi: 'Lỗi phía hệ thống' },
  unavailable: { en: 'Not available now', vi: 'Tạm thời không phục vụ được' },
};

/** What HTTP has a number of its own for. */
const statusOfCode: Readonly<Record<string, number>> = {
  request_too_slow: 408,
  unsupported_media_type: 415,
  headers_too_large: 431,
};

/** HTTP status of a problem. */
export function statusOf(problem: Problem): number {
  return statusOfCode[problem.code] ?? statusOfKind[problem.kind];
}

/** A problem as the body of an answer. */
export function documentOf(problem: Problem, language: Language, instance: string, traceId?: string): ProblemDocument {
  return {
    ...problem.params,
    type: `urn:quen:problem:${problem.code}`,
    title: titles[problem.kind][language],
    status: statusOf(problem),
    detail: problem.text(language),
    instance,
    code: problem.code,
    ...(traceId ? { traceId } : {}),
    ...(problem.errors.length
      ? {
          errors: problem.errors.map(({ vi, ...error }) =>
            language === 'vi' && vi ? { ...error, message: vi } : error,
          ),
        }
      : {}),
  };
}
