import type { TaskState } from './task.ts';

/** How a task ended, as a clause: "done by Lena Vogt, “asked for a quote”". */
export function howItEnded({
  state,
  endedBy,
  remark,
  left,
}: {
  state: TaskState;
  endedBy: string | null;
  remark: string | null;
  /** Why the lead left the sequence; null while it is in it. */
  left: string | null;
}): string {
  const said = remark === null ? '' : `, “${remark}”`;
  switch (state) {
    case 'open':
      return 'still to do';
    case 'done':
      return `done by ${endedBy ?? 'somebody'}${said}`;
    case 'skipped':
      return `skipped by ${endedBy ?? 'somebody'}${said}`;
    case 'lapsed':
      return `no longer applies, because ${whyOver(left)}`;
    default:
      return state satisfies never;
  }
}

/** Why a task lapsed, as far as it shows: the lead has left, or nobody did it. */
function whyOver(left: string | null): string {
  switch (left) {
    case null:
    case 'finished':
      return 'it was overdue for too long, and the sequence went on without it';
    case 'escalated':
      return 'the lead is with sales now';
    case 'suppressed':
      return 'the lead wants no more mail';
    case 'quiet':
      return 'the lead wants to be left alone';
    case 'merged':
      return 'the lead turned out to be somebody who is known already';
    default:
      return `the lead left the sequence (${left.replace(/^exit: /, '')})`;
  }
}
