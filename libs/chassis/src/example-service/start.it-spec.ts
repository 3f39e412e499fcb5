import { randomUUID } from 'node:crypto';
import { Controller, Get } from '@nestjs/common';
import { BranchState, build, eventOf } from '@quen/events';
import { context, type Received, type Transaction } from '@quen/messaging';
import { Allow } from '../access/decorators.js';
import { branchReplica } from '../branches/branch.replica.js';
import { ServiceConfig } from '../config/service.config.js';
import { Database } from '../database/database.js';
import { find } from '../database/load.js';
import { ReplicaRows } from '../replicas/replica-rows.js';
import { documentsOf } from '../service/documents.js';
import { ServiceModule } from '../slices/service-module.js';
import { Slice } from '../slices/slice.js';
import { Library } from './library.js';
import { Book } from './shelf.entity.js';

@Controller('open')
class OpenController {
  @Get()
  readEverything(): string {
    return 'everything';
  }

  @Get('mine')
  @Allow('thing', 'read')
  readMine(): string {
    return 'mine';
  }
}

@Controller('again')
class AgainController {
  @Get()
  @Allow('thing', 'read')
  readMine(): string {
    return 'mine';
  }
}

@Slice({ controllers: [OpenController, AgainController] })
class CarelessSlice {}

@ServiceModule({ name: 'careless', title: 'Careless', description: '.', migrations: [], slices: [CarelessSlice] })
class CarelessModule {}

describe('a service', () => {
  it('does not start with a route that declares no permission, nor with an operationId used twice', async () => {
    const starting = documentsOf(CarelessModule, ServiceConfig, {});
    await expect(starting).rejects.toThrow('OpenController.readEverything declares no permission');
    await expect(starting).rejects.toThrow('AgainController.readMine: another route has the same operationId');
  });

  describe('that runs', () => {
    let library: Library;
    beforeAll(async () => {
      library = await Library.start();
    });
    afterAll(() => library.stop());

    it('keeps the branch tree by version, and takes nothing older of what was erased', async () => {
      const id = randomUUID();
      const database = library.service.app.get(Database);
      const state = (name: string, version: number): BranchState =>
        build(BranchState, { branchId: id, version, code: 'HN', name, path: id, active: true });
      const rows = new ReplicaRows(branchReplica('library'));
      const copy = (...events: Received<BranchState | null>[]): Promise<unknown> =>
        database.elevated((tx: Transaction) => rows.take(tx, events, { dayOf: String }));
      const names = async (): Promise<string[]> =>
        (await library.sql('select name from branch')).map(({ name }) => name);
      await copy(received(state('old', 1), 1, id), received(state('new', 3), 3, id));
      await copy(received(state('late', 2), 2, id));
      expect(await names()).toEqual(['new']);
      await copy(received(null, 4, id));
      expect(await names()).toEqual([]);
      await copy(received(state('late', 3), 3, id));
      expect(await names()).toEqual([]);
    });

    it('undoes a transaction whole, and joins an ambient one', async () => {
      const database = library.service.app.get(Database);
      const owner = randomUUID();
      const add = (title: string): Promise<string> =>
        database.transaction(async (tx) => {
          const id = randomUUID();
          await tx.insert(Book, {
            id,
            title,
            author: null,
            price: null,
            state: 'in',
            ownerId: owner,
            branchId: null,
            version: 1,
          });
          return id;
        });
      await context.run({ scope: 'own', actor: owner }, async () => {
        await expect(
          database.transaction(async () => {
            await add('half');
            throw new Error('no');
          }),
        ).rejects.toThrow('no');
        const id = await database.transaction(() => add('whole'));
        expect((await database.read((tx) => find(tx, Book, id))).title).toBe('whole');
      });
      expect(await library.sql('select title from book')).toEqual([{ title: 'whole' }]);
    });

    it('shows its documents from its own files', async () => {
      const openapi = (await library.anonymous.get('/openapi.json')).body;
      expect(openapi.openapi).toBe('3.1.0');
      const lend = openapi.paths['/v1/books/{id}/lend'].post;
      expect(lend).toMatchObject({
        operationId: 'lendBook',
        'x-permission': 'book:lend',
        security: [{ bearer: [] }],
        description: expect.stringContaining('seller (own)'),
      });
      expect(Object.keys(lend.responses)).toEqual(
        expect.arrayContaining(['200', '400', '401', '403', '404', '409', '412', '422', '428', '429', '503']),
      );
      expect(lend.responses['412'].content['application/problem+json'].schema).toEqual({
        $ref: '#/components/schemas/Problem',
      });
      expect(openapi.components.schemas.NewReplay).toMatchObject({
        required: expect.not.arrayContaining(['dryRun']),
        properties: { dryRun: { default: true, description: expect.stringContaining('nothing is changed') } },
      });
      expect(openapi.paths['/v1/books/hours'].get.security).toEqual([]);
      expect(openapi.components.schemas.BookView.properties.author.type).toEqual(['string', 'null']);
      expect(JSON.stringify(openapi)).not.toContain('"nullable"');
      expect((await library.anonymous.get('/asyncapi.json')).body).toMatchObject({
        asyncapi: '3.0.0',
        channels: { crmIdentityBranchStateV1: { address: 'crm.identity.branch.state.v1' } },
      });
      expect((await library.anonymous.get('/events')).body).toContain(eventOf(BranchState).type);
      const page = (await library.anonymous.get('/docs')).body as string;
      for (const [, path] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
        expect(path).toMatch(/^\/docs\//);
        expect((await library.anonymous.get(path ?? '')).status).toBe(200);
      }
    });
  });
});

function received(data: BranchState | null, version: number, id: string): Received<BranchState | null> {
  return {
    id: randomUUID(),
    type: eventOf(BranchState).type,
    data,
    aggregateId: id,
    version,
    occurredAt: new Date(),
    topic: '',
    partition: 0,
    offset: '0',
    correlationId: undefined,
    causationId: undefined,
    traceparent: undefined,
    actor: undefined,
    branch: undefined,
  };
}
