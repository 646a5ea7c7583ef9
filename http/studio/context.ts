import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../engine/clock.ts';
import type { Drafts } from '../../mail/drafts.ts';
import type { FolderChanges } from '../../mail/folder-changes.ts';
import { isAway, type Database } from '../../store/database.ts';
import type { Visitor } from '../../store/login.ts';

/** What the studio's pages work with. */
export interface StudioContext {
  drafts: Drafts;
  changes: FolderChanges;
  /** Where leads are; or why that is not known, in a few words. */
  live: () => Promise<Database | { none: string }>;
  clock: Clock;
  /** Where the pages are reached. */
  publicUrl: string;
  /** Who is logged in; null where nobody needs to be, because nobody else can come. */
  visitorOf: ((request: FastifyRequest) => Promise<Visitor | null>) | null;
}

/** What was asked of the database, or why it was not answered. */
export type Asked<Answer> = { answer: Answer } | { none: string };

/** Asks the database, where there is one; the pages are there without it. */
export async function ask<Answer>(
  { live }: Pick<StudioContext, 'live'>,
  question: (database: Database) => Promise<Answer>,
): Promise<Asked<Answer>> {
  const database = await live();
  if ('none' in database) return database;
  try {
    return { answer: await question(database) };
  } catch (error) {
    if (isAway(error)) return { none: 'the database does not answer' };
    throw error;
  }
}
