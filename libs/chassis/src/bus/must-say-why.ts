import { invalid } from '../problems/problems.js';

/** What is only tried needs no reason; what is done does. @throws Problem validation_failed */
export function mustSayWhy(tried: boolean, reason: string | undefined): void {
  if (!tried && reason === undefined)
    throw invalid({
      pointer: '/reason',
      code: 'required',
      message: 'is required for anything but a dry run',
      vi: 'là bắt buộc khi không chạy thử',
    });
}
