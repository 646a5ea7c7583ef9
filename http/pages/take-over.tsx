import type { AssignmentId } from '../../domain/ids.ts';

/** What whoever looks at a lead may do about who has it. */
export type MayTake =
  | { kind: 'log in' }
  /** Marketing reads. */
  | { kind: 'nothing' }
  | {
      kind: 'take';
      /** The assignment that the page shows; null while nobody has the lead. */
      after: AssignmentId | null;
      /** Who has it; null when nobody works it. */
      from: string | null;
      /** Why it is never mailed. */
      suppressed: string | null;
      isQuiet: boolean;
    }
  /** They have it: the page on which they answer for it. */
  | { kind: 'has'; answers: string }
  | { kind: 'contacted'; owner: string };

/** Takes a lead out of nurture, or from whoever has it. */
export function TakeOver({ may, action }: { may: MayTake; action: string }): string {
  switch (may.kind) {
    case 'nothing':
      return '';
    case 'log in':
      return (
        <p class="quiet">
          Are you of sales, and want to work it? <a href="/login">Log in</a>, and open this page
          again.
        </p>
      ) as string;
    case 'has':
      return (
        <p class="quiet">
          It is yours. <a href={may.answers}>Say how it goes</a>, or give it back.
        </p>
      ) as string;
    case 'contacted':
      return (
        <p class="quiet" safe>
          {`${may.owner} has contacted it already, so it stays with them; only whoever leads sales may take it over.`}
        </p>
      ) as string;
    case 'take':
      return (
        <form method="post" action={action} class="narrow">
          <p class="quiet" safe>
            {whatFollows(may)}
          </p>
          <input type="hidden" name="after" value={may.after ?? ''} />
          <button type="submit" safe>
            {may.from === null ? 'Take over' : `Take over from ${may.from}`}
          </button>
        </form>
      ) as string;
    default:
      return may satisfies never;
  }
}

function whatFollows({ from, suppressed, isQuiet }: Extract<MayTake, { kind: 'take' }>): string {
  const mail = suppressed === null ? null : `It is never mailed (${suppressed}), but you may call.`;
  const quiet = isQuiet
    ? 'It said that it wants to be left alone: call if you have a reason.'
    : null;
  const then =
    from === null
      ? 'Taken over, it is yours to contact, and no sequence mails it any more.'
      : `Taken over, it is yours to contact, and the link of ${from} says that you have it.`;
  return [then, mail ?? quiet].filter(Boolean).join(' ');
}
