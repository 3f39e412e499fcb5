import { defineProblem } from '@quen/messaging';

/** Problems of a rebuild. */
export const notRebuildable = defineProblem('unprocessable', 'consumer_not_rebuildable', {
  en: 'What {consumer} does is more than filling tables: reading its topics again would do business again. Repair and replay the records that it parked instead.',
  vi: 'Bộ tiếp nhận {consumer} không chỉ ghi bảng dữ liệu: đọc lại các chủ đề sẽ lặp lại nghiệp vụ. Hãy sửa và chạy lại các bản tin bị giữ.',
});
export const nothingToRebuild = defineProblem('unprocessable', 'nothing_to_rebuild', {
  en: 'This service has no store that is made from topics.',
  vi: 'Dịch vụ này không có kho dữ liệu nào dựng từ các chủ đề.',
});
export const rebuildRunning = defineProblem('conflict', 'rebuild_running', {
  en: 'A rebuild runs in this service already; wait for it or cancel it.',
  vi: 'Dịch vụ này đang dựng lại kho dữ liệu; hãy chờ hoặc hủy.',
});
export const historyLost = defineProblem('conflict', 'history_lost', {
  en: '{topic} begins at offset {offset} of partition {partition}: earlier facts were deleted, so the store cannot be made from it.',
  vi: '{topic} bắt đầu từ vị trí {offset} của phân vùng {partition}: các sự kiện trước đó đã bị xóa nên không dựng lại được.',
});
export const neverFilled = defineProblem('conflict', 'store_never_filled', {
  en: '{consumer} has not read anything of this cluster yet, so there is nothing to compare with.',
  vi: '{consumer} chưa đọc gì từ cụm này nên không có gì để so sánh.',
});
export const rebuildSchemaMissing = defineProblem('unprocessable', 'rebuild_schema_missing', {
  en: 'The database has no schema {schema} that belongs to this service; provision the database again.',
  vi: 'Cơ sở dữ liệu chưa có lược đồ {schema} của dịch vụ này; hãy chuẩn bị lại cơ sở dữ liệu.',
});
export const rebuildStuck = defineProblem('unprocessable', 'rebuild_stuck', {
  en: 'The rebuild did not come forward for {seconds} s: {reasons}.',
  vi: 'Việc dựng lại không tiến triển trong {seconds} giây: {reasons}.',
});
export const storeBusy = defineProblem('conflict', 'store_busy', {
  en: 'The store was being calculated anew all the time ({reasons}); try again when that is done.',
  vi: 'Kho dữ liệu liên tục được tính lại ({reasons}); hãy thử lại sau khi xong.',
});
export const rebuildFailed = defineProblem('unprocessable', 'rebuild_failed', {
  en: 'The rebuild ended without a result: {reason}',
  vi: 'Việc dựng lại kết thúc mà không có kết quả: {reason}',
});
