import { defineProblem } from '../problem.js';

/** No group of this name has reactions in this service. */
export const unknownConsumer = defineProblem('not_found', 'unknown_consumer', {
  en: 'No consumer {consumer} exists in this service.',
  vi: 'Dịch vụ này không có bộ tiếp nhận {consumer}.',
});
/** The consumer does not read this topic. */
export const unknownTopic = defineProblem('not_found', 'unknown_topic', {
  en: '{consumer} does not read a topic {topic}; it reads {topics}.',
  vi: '{consumer} không đọc chủ đề {topic}; bộ này đọc {topics}.',
});
/** The consumer has no reaction to this type on this topic. */
export const unknownType = defineProblem('not_found', 'unknown_type', {
  en: '{consumer} takes no {type} from {topic}; it takes {types}.',
  vi: '{consumer} không tiếp nhận {type} từ {topic}; bộ này tiếp nhận {types}.',
});
/** States and stores that are made from topics are not re-read. */
export const notReread = defineProblem('conflict', 'not_reread', {
  en: '{consumer} is not re-read: a store that is made from topics alone is rebuilt, and a state is published again by its owner.',
  vi: '{consumer} không đọc lại được: kho chỉ dựng từ các chủ đề thì dựng lại, trạng thái thì do dịch vụ sở hữu phát hành lại.',
});
/** This service keeps no such state. */
export const unknownState = defineProblem('not_found', 'unknown_state', {
  en: 'This service publishes no state topic {topic}; it publishes {topics}.',
  vi: 'Dịch vụ này không phát hành chủ đề trạng thái {topic}; các chủ đề của dịch vụ: {topics}.',
});
/** The topic is known, the aggregate is not. */
export const unknownAggregate = defineProblem('not_found', 'unknown_aggregate', {
  en: 'There is no state of {id} to be published on {topic}.',
  vi: 'Không có trạng thái nào của {id} để phát hành lên {topic}.',
});
/** There is no such parked record. */
export const unknownRecord = defineProblem('not_found', 'unknown_record', {
  en: 'There is no parked record {id}.',
  vi: 'Không có bản tin bị giữ {id}.',
});
/** The record does not wait any more. */
export const recordSettled = defineProblem('conflict', 'record_settled', {
  en: 'The record {id} is {status} already.',
  vi: 'Bản tin {id} đã được xử lý ({status}).',
});
/** The record waits, but not for this consumer. */
export const recordOfAnother = defineProblem('unprocessable', 'record_of_another_consumer', {
  en: 'The record {id} was parked by {consumer}.',
  vi: 'Bản tin {id} do {consumer} giữ lại.',
});
/** With this value the consumer would still not take the record. */
export const repairRefused = defineProblem('unprocessable', 'repair_refused', {
  en: 'With this value the record still cannot be taken ({errorClass}): {error}',
  vi: 'Với giá trị này vẫn chưa tiếp nhận được bản tin ({errorClass}): {error}',
});
/** A value may not contradict the record's own headers. */
export const repairContradicts = defineProblem('unprocessable', 'repair_contradicts_headers', {
  en: '{field} is {given}, but the headers say {expected}; leave it out or give the same.',
  vi: '{field} là {given} nhưng phần đầu bản tin ghi {expected}; hãy bỏ trường này hoặc ghi giống nhau.',
});
/** Going back would handle records again. */
export const topicNotShortened = defineProblem('conflict', 'topic_not_shortened', {
  en:
    '{consumer} is nowhere beyond the end of {topic}. Only after the topic was made anew may it go back to the start; else it would repeat effects. ' +
    'A store that is only made from topics can be rebuilt instead; for any other consumer, replay what it parked, and have a state published again by its owner.',
  vi:
    '{consumer} không vượt quá cuối chủ đề {topic}. Chỉ được quay về đầu khi chủ đề đã được tạo lại; nếu không sẽ lặp tác động. ' +
    'Kho chỉ dựng từ các chủ đề thì hãy dựng lại; với bộ tiếp nhận khác, hãy chạy lại các bản tin bị giữ và đề nghị dịch vụ sở hữu phát hành lại trạng thái.',
});
