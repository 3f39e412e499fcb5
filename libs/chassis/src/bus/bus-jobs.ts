import { RebuildJob } from '../rebuilds/rebuild.job.js';
import { ReplayJob } from './replay.job.js';
import { RepublishJob } from './republish.job.js';
import { RereadJob } from './reread.job.js';

/** Jobs that every service has for operating its bus. */
export const busJobs = [ReplayJob, RereadJob, RepublishJob, RebuildJob];
