import { day, instant, plus, type Instant } from '../../domain/instant.ts';
import { idle } from '../../engine/virtual-time.ts';
import { Random } from '../../domain/random.ts';
import type { Conductor, Stage } from '../../sandbox/rehearsal/conductor.ts';
import { faultNames, faultsOf, faultsSchema, type Faults } from '../../sandbox/sendgrid/faults.ts';
import { sql } from '../../store/database.ts';
import { publishVersion } from '../../store/publication.ts';
import { currentVersions } from '../../store/sequence-version.ts';
import { signal } from '../ops.ts';
import { begun } from '../sandbox/rehearsal/begun.ts';

const never = new AbortController().signal;

/** How much is played. */
export interface Size {
  leads: number;
  days: number;
}

/** What was done to a program while it was played. */
export interface Fire {
  seed: number;
  /** From then on, mails of newcomers say so in their subject. */
  publishedAt: Instant;
  /** Enrollments that stood still from one moment to another. */
  paused: { ids: string[]; from: Instant; to: Instant };
  mails: number;
  clicks: number;
  forwards: number;
}

/** What a version that is published on the way adds to each of its subjects. */
export const newSubject = ' (new)';

/** Each fault as often as a seed says: three of ten not at all, the others up to twice as often as is usual. */
export function someFaults(seed: number): Faults {
  const draw = new Random(seed);
  const usual = faultsOf('all');
  const often = faultNames.map(name => [
    name,
    draw.chance(0.3) ? 0 : usual[name] * 2 * draw.next(),
  ]);
  return faultsSchema.parse({ ...Object.fromEntries(often), seed });
}

/**
 * Plays the shipped program on a stage, with its first sample leads. A third of the way new versions of all
 * sequences are published and every third enrollment is paused; another third on these are resumed. At the end
 * the provider tells all that it was late with.
 */
export async function playUnderFire(
  stage: Omit<Stage, 'cast'>,
  seed: number,
  { leads, days }: Size,
): Promise<Fire> {
  const { clock, sandbox } = stage;
  const from = clock.now();
  const conductor = await begun(stage, seed, leads);
  await conductor.play(plus(from, (days * day) / 3), never);

  await publishNew(stage);
  const ids = await everyThird(stage);
  await say(stage, conductor, ids, 'pause');
  const paused = { ids, from: clock.now() };
  await conductor.play(plus(from, (2 * days * day) / 3), never);

  await say(stage, conductor, ids, 'resume');
  const to = clock.now();
  const end = plus(from, days * day);
  await conductor.play(end, never);

  sandbox.webhook.release(instant(Number.MAX_SAFE_INTEGER));
  const { mails, clicks, forwards } = await conductor.play(end, never);
  return { seed, publishedAt: paused.from, paused: { ...paused, to }, mails, clicks, forwards };
}

async function publishNew({ database, clock }: Pick<Stage, 'database' | 'clock'>): Promise<void> {
  for (const { name, content } of await currentVersions(database)) {
    const mails = Object.entries(content.mails).map(([mail, compiled]) => [
      mail,
      { ...compiled, subject: `${compiled.subject}${newSubject}` },
    ]);
    const changed = { ...content, mails: Object.fromEntries(mails) as typeof content.mails };
    await publishVersion(database, name, changed, clock.now());
  }
}

async function everyThird({ database }: Pick<Stage, 'database'>): Promise<string[]> {
  const rows = await database.$queryRaw<{ id: string }[]>(sql`
    SELECT e.id FROM enrollment e JOIN lead l ON l.id = e.lead_id
    WHERE e.ended_at IS NULL ORDER BY l.address`);
  return rows.filter((_, n) => n % 3 === 0).map(({ id }) => id);
}

/** Tells workflows something, as ops do in the Temporal UI. */
async function say(
  { client, clock }: Pick<Stage, 'client' | 'clock'>,
  conductor: Conductor,
  ids: readonly string[],
  verb: 'pause' | 'resume',
): Promise<void> {
  // What is said is heard at the workflow's own time.
  await conductor.bringTo(() => clock.now());
  for (const id of ids) {
    const workflowId = `nurture/${id}`;
    // Some have come to their end meanwhile.
    if ((await idle(client, workflowId)) === null) continue;
    await signal({ client }, workflowId, verb);
    await idle(client, workflowId);
  }
}
