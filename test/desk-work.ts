import { day, instant, plus } from '../domain/instant.ts';
import { openDesk, pastDesk } from '../store/desk.ts';
import { crowdNow } from './crowd.ts';
import type { Work } from './hot-work.ts';

const at = instant(Date.parse(crowdNow));

/** What reps and their managers look at all day. */
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
};
