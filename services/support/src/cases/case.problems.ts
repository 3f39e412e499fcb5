import { defineProblem } from '@quen/messaging';

export const caseClosed = defineProblem('conflict', 'case_closed', {
  en: 'Case {code} is closed; open a new one.',
  vi: 'Yêu cầu {code} đã đóng; hãy mở yêu cầu mới.',
});
export const caseSolved = defineProblem('conflict', 'case_solved', {
  en: 'Case {code} is solved; reopen it first.',
  vi: 'Yêu cầu {code} đã được giải quyết; hãy mở lại trước.',
});
export const caseNotSolved = defineProblem('conflict', 'case_not_solved', {
  en: 'Case {code} is not solved yet.',
  vi: 'Yêu cầu {code} chưa được giải quyết.',
});
export const caseRated = defineProblem('conflict', 'case_rated', {
  en: 'Case {code} is closed and was rated; its rating stays.',
  vi: 'Yêu cầu {code} đã đóng và đã được đánh giá; đánh giá không thay đổi nữa.',
});
export const queueEmpty = defineProblem('not_found', 'queue_empty', {
  en: 'No case waits to be taken.',
  vi: 'Không có yêu cầu nào đang chờ.',
});
