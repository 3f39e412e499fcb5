import 'reflect-metadata';
import { Controller } from '@nestjs/common';
import { IsInt, IsOptional, IsString, IsUUID } from 'class-validator';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { build, Event, factTopic, State, stateTopic } from '@quen/events';
import { defineProblem, On, OnBatch, Reactions, type Received, type Transaction } from '@quen/messaging';
import { entityStates, ServiceConfig, ServiceModule, Slice } from '../index.js';

const memberTopic = factTopic('library', 'member', 'What members do.');
const memberStateTopic = stateTopic('library', 'member', 'Who may read here.');

/** A member came. */
@Event('crm.library.member-visited', { version: 1, topic: memberTopic, key: 'memberId' })
export class MemberVisited {
  @IsUUID() memberId!: string;
  /** Which visit of theirs it is, from 1. */
  @IsInt() visit!: number;
  @IsOptional() @IsString() note?: string;
}

/** Who may read here. */
@State('crm.library.member', { version: 1, topic: memberStateTopic, key: 'memberId', dataClass: 'basic' })
export class MemberState {
  @IsUUID() memberId!: string;
  @IsInt() version!: number;
  @IsString() name!: string;
}

@Entity('member')
export class Member {
  @PrimaryColumn('uuid') id!: string;
  @Column('int') version!: number;
  @Column('text') name!: string;

  state(): MemberState {
    return build(MemberState, { memberId: this.id, version: this.version, name: this.name });
  }
}

class ReadingRoom1769904000002 implements MigrationInterface {
  readonly name = 'ReadingRoom1769904000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table member (id uuid primary key, version int not null, name text not null)');
    await runner.query('create table member_copy (id uuid primary key, version int not null, name text not null)');
    await runner.query(
      'create table visit (n bigint generated always as identity, member_id uuid not null, visit int not null)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table visit, member_copy, member');
  }
}

export const roomIsFull = defineProblem('conflict', 'room_is_full', { en: 'The room is full.', vi: 'Phòng đã đầy.' });

/** A defect that a test mends. */
export const room = { full: false };

@Reactions('crm.library.visits')
export class VisitReactions {
  @On(MemberVisited)
  async note({ data }: Received<MemberVisited>, tx: Transaction): Promise<void> {
    if (room.full && data.note === 'brings friends') throw roomIsFull();
    await tx.query('insert into visit (member_id, visit) values ($1, $2)', [data.memberId, data.visit]);
  }
}

@Reactions('crm.library.members')
export class MemberReactions {
  @OnBatch(MemberState)
  async copy(events: Received<MemberState | null>[], tx: Transaction): Promise<void> {
    const newest = new Map(events.flatMap(({ data }) => (data ? [[data.memberId, data]] : [])));
    await tx.query(
      `insert into member_copy (id, version, name) select "memberId", version, name from jsonb_to_recordset($1::jsonb) as m ("memberId" uuid, version int, name text)
       on conflict (id) do update set version = excluded.version, name = excluded.name where member_copy.version < excluded.version`,
      [JSON.stringify([...newest.values()])],
    );
  }
}

@Controller('nothing')
class NothingController {}

@Slice({
  entities: [Member],
  access: { book: { seller: 'all' } },
  controllers: [NothingController],
  reactions: [VisitReactions, MemberReactions],
  states: [entityStates(MemberState, Member)],
})
class MembersModule {}

/** The service that operating the bus is tried with: facts and a state of its own, and a consumer of each. */
@ServiceModule({
  name: 'library',
  title: 'Library',
  description: 'A reading room.',
  migrations: [ReadingRoom1769904000002],
  access: { auditor: { bus: { read: 'all' } } },
  slices: [MembersModule],
})
export class ReadingRoomModule {}

export { ServiceConfig as ReadingRoomConfig };
