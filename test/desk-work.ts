import { day, instant, plus } from '../domain/instant.ts';
import { attemptIn } from '../store/answer.ts';
import { openDesk, pastDesk } from '../store/desk.ts';
import { escalationSheet, escalationSheets, type SheetFilter } from '../store/escalation-sheet.ts';
import { answerOnce, keptAnswer } from '../store/idempotency-key.ts';
import { crowdNow } from './crowd.ts';
import type { Work } from './hot-work.ts';

const at = instant(Date.parse(crowdNow));

const all: SheetFilter = { state: null, owner: null, grade: null, after: null };
const post = { keyHash: 'f'.repeat(64), requestHash: 'e'.repeat(64) };

/** What reps and their managers, and the systems that they use, look at all day. */
export const deskWork: Readonly<Record<string, Work>> = {
  'a rep’s own page, and that of all reps': {
    does: async (database, { owner }) => {
      for (const whose of [owner, null]) {
        await openDesk(database, whose);
        await pastDesk(database, whose, plus(at, -30 * day));
      }
    },
    // Everything that is open, twice, and of a hundred of them lead, scores and assignment.
    rows: 8_000,
    pages: 12_000,
  },
  'pages of escalations, and one of them, as another system asks for them': {
    does: async (database, { owner, escalation }) => {
      const asked = [
        {},
        { state: 'open' },
        { state: 'rejected' },
        { state: 'accepted', owner },
      ] as const;
      for (const filter of asked)
        for (const after of [null, escalation])
          await escalationSheets(database, { ...all, ...filter, after }, 51);
      await escalationSheet(database, escalation);
    },
    // Everything that is open, six times, and of pages of fifty lead, assignment and what was said.
    rows: 16_000,
    pages: 40_000,
  },
  'an answer under a key': {
    does: async (database, { escalation, owner }) => {
      await keptAnswer(database, post, at);
      const call = { escalationId: escalation, personId: owner, kind: 'call', note: null } as const;
      await database.transaction(session =>
        answerOnce(session, post, () => attemptIn(session, { ...call, way: 'api' }, at), at),
      );
    },
    // Those that are forgotten too.
    rows: 60,
    pages: 300,
  },
};
