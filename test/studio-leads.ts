import type { EnrollmentId, LeadId } from '../domain/ids.ts';
import { day, plus, type Instant } from '../domain/instant.ts';
import type { Plan } from '../domain/sequence/plan.ts';
import { readSequence } from '../mail/sequence-folder.ts';
import { newId, type Database } from '../store/database.ts';
import { publishVersion } from '../store/publication.ts';
import { exposed, mailed, told } from './mailed.ts';
import { aLead, bestFit } from './program.ts';

/**
 * Publishes a sequence as its files are, and takes leads through its first two mails: of every ten two wait for the
 * second, one of these at the mail itself; one went to sales, one left, and the others went on.
 */
export async function aLivingSequence(
  database: Database,
  templates: string,
  name: string,
  leads: number,
  at: Instant,
): Promise<void> {
  const { content } = await readSequence(templates, name);
  await publishVersion(database, name, content, plus(at, -60 * day));
  const clock = { now: () => at, shift: () => 0 };
  const { first, second, waitBefore } = begin(content.plan);
  for (let n = 0; n < leads; n++) {
    const began = plus(at, -(20 - (n % 15)) * day);
    const lead = await aLead({ database, clock }, bestFit);
    const fate = n % 10;
    const [endReason = 'finished'] = fate < 2 ? [null] : fate < 4 ? [ends[fate - 2]] : [];
    const enrollment = await begun(database, lead, name, began, {
      cursor: fate < 2 ? waitBefore + fate : content.plan.length,
      endReason,
    });
    const way = { lead, enrollment, sequence: name };
    const variant = first.variants[n % Math.max(1, first.variants.length)];
    if (variant !== undefined) await exposed(database, way, first.mail, variant, began);
    if (variant !== 'hold_out') {
      const more = variant === undefined ? {} : { variant };
      const send = await mailed(database, way, first.mail, began, more);
      const clicked = n % 4 === 0 ? [{ kind: 'click', at: plus(began, 3_600_000) } as const] : [];
      await told(database, send, { kind: 'delivered', at: plus(began, 1_000) }, ...clicked);
    }
    if (fate > 3) await mailed(database, way, second, plus(began, 5 * day));
  }
}

const ends = ['escalated', 'suppressed'];

/** An enrollment, open where it has no reason to end. */
async function begun(
  database: Database,
  leadId: LeadId,
  name: string,
  at: Instant,
  { cursor, endReason }: { cursor: number; endReason: string | null },
): Promise<EnrollmentId> {
  const { currentId: versionId } = await database.sequence.findUniqueOrThrow({ where: { name } });
  const id = newId<EnrollmentId>();
  const moment = new Date(at);
  const endedAt = endReason === null ? null : new Date(plus(at, 6 * day));
  const times = { dueAt: moment, createdAt: moment, endedAt };
  await database.transaction(async session => {
    await session.enrollment.create({
      data: { id, leadId, versionId, originKey: `test/${id}`, cursor, endReason, ...times },
    });
    if (endReason === null) await session.openSlot.create({ data: { leadId, enrollmentId: id } });
  });
  return id;
}

/** The first two mails of a plan, and where is waited between them. */
function begin(plan: Plan) {
  const mails = plan.flatMap(step => (step.do === 'mail' ? [step.mail] : []));
  const [first = '', second = ''] = [...new Set(mails)];
  const split = plan.find(step => step.do === 'split' && step.split === first);
  return {
    first: {
      mail: first,
      variants: split?.do === 'split' ? split.paths.map(({ variant }) => variant) : [],
    },
    second,
    waitBefore: plan.findIndex(step => step.do === 'wait'),
  };
}
