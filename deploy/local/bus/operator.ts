import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { Library } from '@quen/chassis/internal/example-service/library.js';
import {
  MemberVisited,
  ReadingRoomConfig,
  ReadingRoomModule,
} from '@quen/chassis/internal/example-service/reading-room.js';
import { build } from '@quen/events';
import { Events, inTransaction } from '@quen/messaging';
import { type Actor } from '@quen/testing';
import { runBus } from './run.js';

export const visits = 'crm.library.visits';
export const members = 'crm.library.members';
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** What a command printed, and with which code it ended. */
export interface Done {
  code: number;
  out: string;
  error: string;
}

/** Somebody who operates the bus of the reading room from a terminal. */
export class Operator {
  readonly caller: Actor = { roles: ['administrator'], subject: randomUUID() };
  /** Where an operator keeps files. */
  readonly folder = mkdtempSync(join(tmpdir(), 'quen-bus-'));

  private constructor(readonly library: Library) {}

  static async start(): Promise<Operator> {
    return new Operator(await Library.start({}, ReadingRoomModule, ReadingRoomConfig));
  }

  async stop(): Promise<void> {
    await this.library.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** `npm run bus -- …` as an operator types it, against the service under test. */
  async bus(...args: string[]): Promise<Done> {
    return this.run(
      { QUEN_URL: this.library.service.url, QUEN_TOKEN: await this.library.issuer.token(this.caller) },
      ...args,
    );
  }

  /** The same with another environment. */
  async run(env: Record<string, string>, ...args: string[]): Promise<Done> {
    const said: string[] = [];
    const complained: string[] = [];
    const code = await runBus(
      ['sales', ...args],
      env,
      (text) => said.push(text),
      (text) => complained.push(text),
    );
    return { code, out: said.join('\n'), error: complained.join('\n') };
  }

  /** What a command answers to a program. */
  async json(...args: string[]): Promise<ReturnType<typeof JSON.parse>> {
    return JSON.parse((await this.bus(...args, '--json')).out);
  }

  /** What is told of a consumer. */
  async consumer(name: string): Promise<ReturnType<typeof JSON.parse>> {
    return (await this.json('consumers')).data.find((each: { consumer: string }) => each.consumer === name);
  }

  /** Publishes visits as the service itself would, some of them spoiled on their way to the outbox. */
  async visit(memberId: string, steps: number[], spoil = '', note?: string): Promise<void> {
    const { app } = this.library.service;
    await inTransaction(app.get(DataSource), async (tx) => {
      await app.get(Events).publishAll(
        tx,
        steps.map((step) => ({
          aggregate: { version: step },
          messages: [build(MemberVisited, { memberId, visit: step, note })],
        })),
      );
      if (spoil) await tx.query(`update outbox set ${spoil} and aggregateid = $1`, [memberId]);
    });
  }

  /** The visits of a member that were taken, in order of commit. */
  async taken(memberId: string): Promise<number[]> {
    const rows = await this.library.sql('select visit from visit where member_id = $1 order by n', [memberId]);
    return rows.map(({ visit }) => visit);
  }

  /** How many records are parked, by consumer and status. */
  async parked(): Promise<Record<string, number>> {
    const rows = await this.library.sql(
      `select consumer || ' ' || status as of, count(*)::int as count from inbox_parked group by 1`,
    );
    return Object.fromEntries(rows.map(({ of, count }) => [of, count]));
  }
}
