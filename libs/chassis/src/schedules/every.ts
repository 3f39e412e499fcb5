import 'reflect-metadata';

/** A method that runs regularly. */
export interface ScheduledMethod {
  readonly name: string;
  readonly method: string;
  readonly seconds: number;
}

const schedulesKey = 'quen:schedules';

/**
 * Runs a provider's method every so often, in one process at a time, with the service's own reach.
 * @param period ISO 8601 duration of at least one second, e.g. `PT1S`, `PT15M`, `P1D`
 * @param name unique in the service; a row of the table `schedule`
 */
export function Every(period: string, name: string) {
  const seconds = secondsOf(period);
  return (target: object, method: string, _descriptor: TypedPropertyDescriptor<() => Promise<void>>): void => {
    Reflect.defineMetadata(schedulesKey, [...schedulesOf(target), { name, method, seconds }], target);
  };
}

/** The scheduled methods of a prototype. */
export function schedulesOf(prototype: object): ScheduledMethod[] {
  return (Reflect.getMetadata(schedulesKey, prototype) as ScheduledMethod[] | undefined) ?? [];
}

/**
 * Seconds in an ISO 8601 duration of days, hours, minutes and seconds. @throws Error when it is none, or shorter than a
 * second
 */
export function secondsOf(period: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(period);
  const [days, hours, minutes, seconds] = (parts ?? []).slice(1).map((part) => Number(part ?? 0));
  const total = (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  if (!parts || total < 1) throw new Error(`${period} is no duration of at least a second`);
  return total;
}
