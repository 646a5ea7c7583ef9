import type { Outbox } from './outbox.ts';
import type { Webhook } from './webhook.ts';

/** What is counted. */
interface Counted {
  outbox: Outbox;
  webhook: Webhook;
  calls: ReadonlyMap<string, number>;
}

export interface Report {
  accepted: number;
  /** Steps of enrollments that were mailed more than once, which must be none. */
  repeated: { enrollment: string; step: string; times: number }[];
  /** Calls of the API that are not answered yet, by when each began, in milliseconds since 1970. */
  inFlight: number[];
  /** Events that were not taken by the webhook yet. */
  unposted: number;
}

/** Counts what really left, by enrollment and step. */
export function report({ outbox, webhook, calls }: Counted): Report {
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
  return {
    accepted: outbox.count,
    repeated,
    inFlight: [...calls.values()],
    unposted: webhook.unposted,
  };
}
