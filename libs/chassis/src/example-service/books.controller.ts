import { Body, Controller, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { newId } from '@quen/messaging';
import {
  Allow,
  ApiJob,
  ApiList,
  ApiPage,
  CurrentUser,
  Database,
  find,
  IfMatch,
  Job,
  Jobs,
  List,
  lock,
  MultipartFile,
  page,
  Public,
  Search,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
  type UploadedFile,
} from '../index.js';
import { BookChanges, BookView, NewBook, Pause } from './books.dto.js';
import { Book, books } from './shelf.entity.js';

@ApiTags('Books')
@Controller('books')
export class BooksController {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  @Get()
  @Allow('book', 'read')
  @ApiList(books, BookView)
  @ApiOperation({ summary: 'List books', description: 'Books that you may see.' })
  listBooks(@List(books) query: ParsedList): Promise<Page<Book>> {
    return this.database.read((tx) => page(tx, books, query));
  }

  @Post('search')
  @HttpCode(200)
  @Allow('book', 'read')
  @ApiPage(BookView)
  @ApiOperation({ summary: 'Search books', description: 'By a rule tree.' })
  searchBooks(@Search(books) query: ParsedList): Promise<Page<Book>> {
    return this.database.read((tx) =>
      page(tx, books, query, { where: 'price is null or price < $1', params: [1_000_000] }),
    );
  }

  @Post()
  @Allow('book', 'create')
  @Shows(BookView, 201, 'The book.')
  @ApiOperation({ summary: 'Add a book', description: 'It belongs to you.' })
  createBook(@Body() body: NewBook, @CurrentUser() user: Principal): Promise<Book> {
    return this.database.transaction(async (tx) => {
      const { place: _, ...fields } = body;
      const book = Object.assign(new Book(), {
        author: null,
        price: null,
        branchId: user.branchId ?? null,
        ...fields,
        id: newId(),
        state: 'in',
        ownerId: user.subject,
      });
      return tx.save(book);
    });
  }

  @Get('pause')
  @Allow('book', 'read')
  @ApiOkResponse({ type: Pause, description: 'How long it was.' })
  @ApiOperation({ summary: 'Wait in the database', description: 'For so many seconds.' })
  async pause(@Query() query: Pause): Promise<Pause> {
    await this.database.read((tx) => tx.query('select pg_sleep($1)', [query.seconds]));
    return query;
  }

  @Get('hours')
  @Public()
  @ApiOkResponse({ description: 'The hours.', content: { 'application/json': { schema: { type: 'object' } } } })
  @ApiOperation({ summary: 'Opening hours', description: 'For everybody.' })
  async showHours(): Promise<{ books: number; open: string }> {
    const count = await this.database.read((tx) => tx.count(Book));
    return { books: count, open: '08:00' };
  }

  @Post('import')
  @ApiJob()
  @Allow('book', 'create')
  @ApiOperation({ summary: 'Import books', description: 'From a CSV file with the columns title and author.' })
  importBooks(@MultipartFile({ note: 'Any text.' }) file: UploadedFile): Promise<Job> {
    return this.database.transaction((tx) =>
      this.jobs.enqueue(tx, 'book-import', { note: file.fields['note'] ?? '' }, file),
    );
  }

  @Get(':id')
  @Allow('book', 'read')
  @Shows(BookView, 200, 'The book.')
  @ApiOperation({ summary: 'One book', description: 'With its version.' })
  getBook(@UuidParam('id') id: string): Promise<Book> {
    return this.database.read((tx) => find(tx, Book, id));
  }

  @Patch(':id')
  @Allow('book', 'update')
  @Shows(BookView, 200, 'The book as it is now.')
  @ApiOperation({ summary: 'Change a book', description: 'Merge patch: null clears.' })
  updateBook(@UuidParam('id') id: string, @IfMatch() version: number, @Body() changes: BookChanges): Promise<Book> {
    return this.database.transaction(async (tx) => tx.save(Object.assign(await lock(tx, Book, id, version), changes)));
  }

  @Post(':id/lend')
  @HttpCode(200)
  @Allow('book', 'lend')
  @Shows(BookView, 200, 'The book as it is now.')
  @ApiOperation({ summary: 'Lend a book', description: 'Once.' })
  lendBook(@UuidParam('id') id: string, @IfMatch() version: number): Promise<Book> {
    return this.database.transaction(async (tx) => {
      const book = await lock(tx, Book, id, version);
      book.lend();
      return tx.save(book);
    });
  }
}
