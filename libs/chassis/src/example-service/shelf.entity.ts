import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { defineProblem } from '@quen/messaging';
import { choice, decimal, defineList, instant, text, uuid } from '../index.js';

export const bookIsLent = defineProblem('conflict', 'book_is_lent', {
  en: 'The book {title} is lent.',
  vi: 'Sách {title} đang được mượn.',
});

/** What the tests of the chassis keep in a service of their own: books on shelves. */
@Entity('book')
export class Book {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') title!: string;
  @Column({ type: 'text', nullable: true }) author!: string | null;
  @Column({ type: 'numeric', nullable: true }) price!: string | null;
  @Column('text') state!: 'in' | 'lent';
  @Column({ type: 'uuid' }) ownerId!: string;
  @Column({ type: 'uuid', nullable: true }) branchId!: string | null;
  @Column({ type: 'timestamptz', insert: false, update: false }) createdAt!: Date;
  @Column({ type: 'text', insert: false, update: false, select: false }) searchText!: string;
  @VersionColumn() version!: number;

  lend(): void {
    if (this.state === 'lent') throw bookIsLent({ title: this.title });
    this.state = 'lent';
  }
}

export const books = defineList({
  entity: Book,
  fields: {
    title: text(),
    author: text(),
    price: decimal(),
    state: choice(['in', 'lent']),
    ownerId: uuid(),
    createdAt: instant(),
  },
  sort: ['createdAt', 'title', 'price'],
  defaultSort: '-createdAt',
  search: 'searchText',
});
