import { IsInt, IsString, MaxLength, Min } from 'class-validator';
import { Event } from '../declaration.js';
import { factTopic } from '../topic.js';

export const modelTopic = factTopic('analytics', 'model', 'Models that were fitted and put to use.');

@Event('crm.analytics.model-published', { version: 1, topic: modelTopic, key: 'modelId' })
export class ModelPublished {
  /** What it calculates, e.g. `lifetime-value`. */
  @IsString() @MaxLength(60) modelId!: string;
  @IsInt() @Min(1) modelVersion!: number;
  /** Customers to whose history it was fitted. */
  @IsInt() @Min(0) customers!: number;
}
