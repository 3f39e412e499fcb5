import { Column, Entity } from 'typeorm';
import { Insight } from './insight.entity.js';

/**
 * An insight as of a day of the past, with the name, branch and owner that its customer has now: these decide who may
 * see it.
 */
@Entity('insight_as_of')
export class PastInsight extends Insight {
  @Column({ type: 'date' }) day!: string;
}
