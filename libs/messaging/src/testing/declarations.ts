import { IsInt, IsString, IsUUID, Min } from 'class-validator';
import { Event, factTopic, State, stateTopic } from '@quen/events';

/** A service that exists only in this library's tests. */
export const counterTopic = factTopic('lab', 'counter', 'Steps of counters in tests.');
export const counterStateTopic = stateTopic('lab', 'counter', 'Counters as they are now, in tests.');

@Event('crm.lab.counter-stepped', { version: 1, topic: counterTopic, key: 'counterId' })
export class CounterStepped {
  @IsUUID() counterId!: string;
  @IsInt() @Min(0) step!: number;
  @IsString() note!: string;
}

@Event('crm.lab.counter-reset', { version: 1, topic: counterTopic, key: 'counterId' })
export class CounterReset {
  @IsUUID() counterId!: string;
}

@State('crm.lab.counter', { version: 1, topic: counterStateTopic, key: 'counterId', dataClass: 'basic' })
export class CounterState {
  @IsUUID() counterId!: string;
  @IsInt() @Min(0) version!: number;
  @IsInt() @Min(0) value!: number;
}
