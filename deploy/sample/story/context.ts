import type { Book } from './book.js';
import type { Files } from './files.js';
import type { Gateways } from './gateways.js';

/** What every chapter is told with. */
export interface Context {
  gateways: Gateways;
  book: Book;
  files: Files;
  /** Whether it is told on a firm's own files. */
  own: boolean;
  /** Civil days in the firm's zone. */
  today: string;
  inTwoWeeks: string;
  monthFromNow: string;
  inOneYear: string;
}
