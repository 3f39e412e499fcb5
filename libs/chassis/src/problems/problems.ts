import { defineProblem, type Language, type Problem, type ProblemDetail } from '@quen/messaging';

/** Problems that any route may answer with. */
export const validationFailed = defineProblem('invalid', 'validation_failed', {
  en: 'The request is not valid: see errors.',
  vi: 'Yêu cầu không hợp lệ: xem errors.',
});
export const malformedJson = defineProblem('invalid', 'malformed_json', {
  en: 'The body is not valid JSON.',
  vi: 'Nội dung không phải JSON hợp lệ.',
});
export const reservedName = defineProblem('invalid', 'reserved_name', {
  en: 'The request has a field __proto__, or a field constructor with a field prototype; neither name is accepted.',
  vi: 'Yêu cầu có trường __proto__, hoặc trường constructor chứa trường prototype; các tên này không được nhận.',
});
export const bodyTooDeep = defineProblem('invalid', 'body_too_deep', {
  en: 'The body is nested deeper than {levels} levels.',
  vi: 'Nội dung lồng nhau quá {levels} cấp.',
});
export const malformedRequest = defineProblem('invalid', 'malformed_request', {
  en: 'The request cannot be read.',
  vi: 'Không đọc được yêu cầu.',
});
export const headersTooLarge = defineProblem('invalid', 'headers_too_large', {
  en: 'The headers of the request are larger than is read.',
  vi: 'Phần tiêu đề của yêu cầu lớn hơn mức được đọc.',
});
export const requestTooSlow = defineProblem('invalid', 'request_too_slow', {
  en: 'The request did not arrive whole in time.',
  vi: 'Yêu cầu không đến đủ trong thời hạn.',
});
export const valueOutOfRange = defineProblem('invalid', 'value_out_of_range', {
  en: 'A value is outside the range that can be stored.',
  vi: 'Có giá trị nằm ngoài khoảng lưu được.',
});
export const unsupportedMediaType = defineProblem('invalid', 'unsupported_media_type', {
  en: 'This content type is not accepted here.',
  vi: 'Không nhận kiểu nội dung này.',
});
export const bodyTooLarge = defineProblem('too_large', 'body_too_large', {
  en: 'The body is larger than {limit} bytes.',
  vi: 'Nội dung lớn hơn {limit} byte.',
});
export const fileTooLarge = defineProblem('too_large', 'file_too_large', {
  en: 'The file is larger than {limit} bytes.',
  vi: 'Tệp lớn hơn {limit} byte.',
});
export const fileMissing = defineProblem('invalid', 'file_missing', {
  en: 'The form holds no file.',
  vi: 'Biểu mẫu không có tệp.',
});
export const routeNotFound = defineProblem('not_found', 'route_not_found', {
  en: 'There is no such address.',
  vi: 'Không có địa chỉ này.',
});
export const notFound = defineProblem('not_found', 'not_found', {
  en: 'There is no {what} with id {id} that you may see.',
  vi: 'Không có {what} mã {id} mà bạn được xem.',
});
export const unauthenticated = defineProblem('unauthenticated', 'unauthenticated', {
  en: 'Sign in first: the access token is missing, expired or not valid.',
  vi: 'Hãy đăng nhập: thiếu mã truy cập, hoặc mã đã hết hạn hay không hợp lệ.',
});
export const accountBranchUnknown = defineProblem('forbidden', 'account_branch_unknown', {
  en: 'Your account names the branch {branch}, which there is not here.',
  vi: 'Tài khoản của bạn ghi chi nhánh {branch}, nhưng ở đây không có chi nhánh này.',
});
export const accountBranchAmbiguous = defineProblem('forbidden', 'account_branch_ambiguous', {
  en: 'Your account names several branches: {branches}. Work is done in one.',
  vi: 'Tài khoản của bạn ghi nhiều chi nhánh: {branches}. Mỗi người chỉ làm việc ở một chi nhánh.',
});
export const forbidden = defineProblem('forbidden', 'forbidden', {
  en: 'Your roles do not allow {action} on {resource}.',
  vi: 'Vai trò của bạn không được phép {action} đối với {resource}.',
});
export const outOfScope = defineProblem('forbidden', 'out_of_scope', {
  en: 'This record lies outside what your roles reach.',
  vi: 'Bản ghi này nằm ngoài phạm vi vai trò của bạn.',
});
export const fieldForbidden = defineProblem('forbidden', 'field_forbidden', {
  en: 'Your roles do not allow changing {field} of this record.',
  vi: 'Vai trò của bạn không được phép thay đổi {field} của bản ghi này.',
});
export const ifMatchRequired = defineProblem('precondition_required', 'if_match_required', {
  en: 'Send If-Match with the ETag of the version that you read.',
  vi: 'Hãy gửi If-Match với ETag của phiên bản đã đọc.',
});
export const ifMatchMalformed = defineProblem('invalid', 'if_match_malformed', {
  en: 'If-Match must be one strong ETag such as "3".',
  vi: 'If-Match phải là một ETag mạnh, ví dụ "3".',
});
export const staleVersion = defineProblem('stale', 'stale_version', {
  en: 'If-Match names another version than the record has, which is {currentVersion}: read it again.',
  vi: 'If-Match không phải phiên bản hiện tại của bản ghi ({currentVersion}); hãy đọc lại.',
});
export const idempotencyKeyMalformed = defineProblem('invalid', 'idempotency_key_malformed', {
  en: 'Idempotency-Key must be 1 to 255 printable ASCII characters.',
  vi: 'Idempotency-Key phải gồm 1 đến 255 ký tự ASCII in được.',
});
export const idempotencyKeyReused = defineProblem('unprocessable', 'idempotency_key_reused', {
  en: 'This Idempotency-Key was used with another body.',
  vi: 'Idempotency-Key này đã dùng với nội dung khác.',
});
export const requestInProgress = defineProblem('conflict', 'request_in_progress', {
  en: 'The first request with this Idempotency-Key is still running.',
  vi: 'Yêu cầu đầu tiên với Idempotency-Key này vẫn đang chạy.',
});
/**
 * Of a record that another service owns, and that has not arrived here or lies out of the caller's reach; `Retry-After:
 * 1`.
 */
export const notKnownHereYet = defineProblem('conflict', 'not_known_here_yet', {
  en: 'There is no {what} {id} here that you may reach. A new one arrives within a second: send the request again.',
  vi: 'Ở đây chưa có {what} {id} trong phạm vi của bạn. Bản ghi mới sẽ có trong vòng một giây: hãy gửi lại yêu cầu.',
});
export const alreadyExists = defineProblem('conflict', 'already_exists', {
  en: 'A record with the same key exists already.',
  vi: 'Đã có bản ghi cùng khóa.',
});
export const referenceBroken = defineProblem('conflict', 'reference_broken', {
  en: 'The record refers to one that does not exist, or is still referred to.',
  vi: 'Bản ghi tham chiếu tới bản ghi không tồn tại, hoặc đang được tham chiếu.',
});
export const ruleBroken = defineProblem('unprocessable', 'rule_broken', {
  en: 'The values break a rule of the database.',
  vi: 'Giá trị vi phạm một quy tắc của cơ sở dữ liệu.',
});
export const tooManyRequests = defineProblem('too_many', 'too_many_requests', {
  en: 'Too many requests; try again in {seconds} s.',
  vi: 'Quá nhiều yêu cầu; thử lại sau {seconds} giây.',
});
export const statementTimeout = defineProblem('unavailable', 'statement_timeout', {
  en: 'The database took too long; narrow the request or try again.',
  vi: 'Cơ sở dữ liệu xử lý quá lâu; hãy thu hẹp yêu cầu hoặc thử lại.',
});
export const unavailable = defineProblem('unavailable', 'unavailable', {
  en: 'A part that this needs does not answer; try again.',
  vi: 'Một thành phần cần thiết không phản hồi; hãy thử lại.',
});
export const issuerUnavailable = defineProblem('unavailable', 'issuer_unavailable', {
  en: 'The identity provider does not answer; try again.',
  vi: 'Hệ thống định danh không phản hồi; hãy thử lại.',
});
export const internalError = defineProblem('internal', 'internal_error', {
  en: 'Something failed on our side; tell us the traceId.',
  vi: 'Có lỗi phía hệ thống; hãy báo traceId cho chúng tôi.',
});

/** A `validation_failed` with its details. */
export function invalid(...errors: ProblemDetail[]): Problem {
  return validationFailed({}, errors);
}

/** A text in both languages, to be chosen where the caller's language is known. */
export type Bilingual = Readonly<Record<Language, string>>;
