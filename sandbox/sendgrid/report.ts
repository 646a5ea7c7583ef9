import type { DroppedMail, Dropped } from './dropped.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import type { Suppressions } from './suppressions.ts';
import type { Webhook } from './webhook.ts';

/** What is counted. */
interface Counted {
  outbox: Outbox;
  dropped: Dropped;
  suppressions: Suppressions;
  webhook: Webhook;
  calls: ReadonlyMap<string, number>;
}

/** A step of an enrollment, and how often it was mailed. */
interface Mailed {
  enrollment: string;
  step: string;
  times: number;
}

export interface Report {
  /** Mails that left. */
  accepted: number;
  /** Steps of enrollments that were mailed more than once, which must be none. */
  repeated: Mailed[];
  /** Mails that were accepted and dropped. */
  dropped: number;
  /** The steps of enrollments that these were of, to whom they would have gone, and why they did not. */
  droppedSteps: (Mailed & Pick<DroppedMail, 'to' | 'reason'>)[];
  /** Mails that left although their address was suppressed already, which must be none. */
  toSuppressed: (Mailed & { to: string })[];
  /** Calls of the API that are not answered yet, by when each began, in milliseconds since 1970. */
  inFlight: number[];
  /** Events that were not taken by the webhook yet. */
  unposted: number;
  /** Events that are told later. */
  later: number;
  /** Events that the webhook never took. */
  givenUp: number;
}

/** Counts what really left, by enrollment and step. */
export function report({ outbox, dropped, suppressions, webhook, calls }: Counted): Report {
  const mails = [...outbox.all()];
  const suppressed = mails.filter(({ to, at, group }) => {
    const since = suppressions.since(to, group);
    return since !== null && since < at;
  });
  return {
    accepted: outbox.count,
    repeated: counted(mails, () => ({})).filter(({ times }) => times > 1),
    dropped: dropped.all().length,
    droppedSteps: counted(dropped.all(), ({ to, reason }) => ({ to, reason })),
    toSuppressed: counted(suppressed, ({ to }) => ({ to })),
    inFlight: [...calls.values()],
    unposted: webhook.unposted,
    later: webhook.later,
    givenUp: webhook.givenUp,
  };
}

/** Counts mails by enrollment and step; those of no enrollment, such as a rep's, are left out. */
function counted<Mail extends OutboxEntry, More extends object>(
  mails: Iterable<Mail>,
  more: (mail: Mail) => More,
): (Mailed & More)[] {
  const steps = new Map<string, Mailed & More>();
  for (const mail of mails) {
    const { enrollment_id: enrollment, step } = mail.customArgs;
    if (enrollment === undefined || step === undefined) continue;
    const said = more(mail);
    const key = JSON.stringify([enrollment, step, said]);
    const known = steps.get(key);
    if (known === undefined) steps.set(key, { enrollment, step, times: 1, ...said });
    else known.times += 1;
  }
  return [...steps.values()];
}
