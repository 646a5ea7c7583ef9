import type { Outbox } from './outbox.ts';

export interface Report {
  accepted: number;
  /** Steps of enrollments that were mailed more than once, which must be none. */
  repeated: { enrollment: string; step: string; times: number }[];
}

/** Counts what really left, by enrollment and step. */
export function report(outbox: Outbox): Report {
  const times = new Map<string, number>();
  for (const { customArgs } of outbox.all()) {
    const { enrollment_id: enrollment, step } = customArgs;
    if (enrollment === undefined || step === undefined) continue;
    const key = `${enrollment} ${step}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const repeated = [...times]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => {
      const [enrollment = '', step = ''] = key.split(' ');
      return { enrollment, step, times: count };
    });
  return { accepted: outbox.count, repeated };
}
