import { Injectable } from '@nestjs/common';
import { IsInt, Min } from 'class-validator';
import { defineAccess } from '../access/access-table.js';
import { ServiceConfig } from '../config/service.config.js';
import { Every } from '../schedules/every.js';
import { ServiceModule } from '../slices/service-module.js';
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

  @Every('PT1S', 'trial.tick')
  tick(): Promise<void> {
    this.ticks += 1;
    return Promise.resolve();
  }
}

@ServiceModule({
  name: 'library',
  title: 'Library',
  description: 'The service that the chassis is tried with.',
  entities: [Book],
  migrations: [Books1769904000001],
  access: defineAccess({
    seller: { book: { read: 'own', create: 'own', update: 'own', lend: 'own' } },
    'branch-manager': { book: { '*': 'branch' } },
    administrator: '*',
  }),
  controllers: [BooksController],
  providers: [Clock],
  jobs: [BookImport],
  tags: [{ name: 'Books', description: 'Books on shelves.' }],
})
export class LibraryModule {}
