import { saysTheSame } from '../../domain/document/same.ts';
import type { Instant } from '../../domain/instant.ts';
import { differenceOf, type SequenceDifference } from '../../domain/sequence/diff.ts';
import type { SequenceDraft } from '../../mail/sequence-folder.ts';
import type { Database } from '../../store/database.ts';
import { publicationsOf } from '../../store/publication.ts';
import { currentVersion } from '../../store/sequence-version.ts';

/** What is live of a sequence, beside its files. */
export interface Published {
  version: number;
  /** Since when. */
  at: Instant;
  isChanged: boolean;
  /** What the files say else; null where they cannot be published. */
  difference: SequenceDifference | null;
}

/** What is live of a sequence; null when it was never published. */
export async function publishedOf(
  database: Database,
  { name, content }: SequenceDraft,
): Promise<Published | null> {
  const [live, [last]] = await Promise.all([
    currentVersion(database, name),
    publicationsOf(database, name),
  ]);
  if (live === null || last === undefined) return null;
  const isChanged = !saysTheSame(live.content, content);
  return {
    ...{ version: live.version, at: last.at, isChanged },
    difference: isChanged ? differenceOf(live.content, content) : null,
  };
}
