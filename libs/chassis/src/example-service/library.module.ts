import { Injectable } from '@nestjs/common';
import { IsInt, Min } from 'class-validator';
import { Every, ServiceConfig, ServiceModule, Slice } from '../index.js';
import { BookImport } from './book-import.job.js';
import { BooksController } from './books.controller.js';
import { Books1769904000001 } from './books.migration.js';
import { Book } from './shelf.entity.js';

export class LibraryConfig extends ServiceConfig {
  @IsInt() @Min(1) DAYS_LENT: number = 14;
}

/** Counts how often it was called. */
@Injectable()
export class Clock {
  ticks = 0;

  constructor(readonly config: LibraryConfig) {}

  @Every('PT1S', 'library.tick')
  tick(): Promise<void> {
    this.ticks += 1;
    return Promise.resolve();
  }
}

@Slice({
  entities: [Book],
  access: {
    book: {
      seller: { read: 'own', create: 'own', update: 'own', lend: 'own' },
      'branch-manager': { '*': 'branch' },
    },
  },
  controllers: [BooksController],
  providers: [Clock],
  jobs: [BookImport],
  tags: [{ name: 'Books', description: 'Books on shelves.' }],
})
export class BooksModule {}

@ServiceModule({
  name: 'library',
  title: 'Library',
  description: 'The service that the chassis is tried with.',
  migrations: [Books1769904000001],
  slices: [BooksModule],
})
export class LibraryModule {}
