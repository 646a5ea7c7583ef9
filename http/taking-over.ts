import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { segmentOf } from '../domain/agreement/segment-of.ts';
import { dueTimes } from '../domain/escalation/due.ts';
import { isLeadOfSales } from '../domain/escalation/leading.ts';
import type { AssignmentId, EnrollmentId, EscalationId, LeadId } from '../domain/ids.ts';
import { second, type Instant } from '../domain/instant.ts';
import { agreementById } from '../store/agreement.ts';
import { escalationState } from '../store/escalation.ts';
import { loadFacts } from '../store/facts.ts';
import type { Visitor } from '../store/login.ts';
import { isBeingSent } from '../store/send.ts';
import type { LeadStory } from '../store/story.ts';
import { takeOver, type TakeRefusal } from '../store/take-over.ts';
import type { HttpContext } from './context.ts';
import type { MayTake } from './pages/take-over.tsx';

/** What a form says: the assignment that its page showed, or nothing where nobody had the lead. */
const formSchema = z.object({
  after: z.union([
    z.literal('').transform(() => null),
    z.uuid().transform(id => id as AssignmentId),
  ]),
});

/** Longer than any call to the provider takes. */
const deliveryMs = 11 * second;
const lookAgainMs = 50;

/** What somebody may do about who has a lead. */
export async function mayTake(
  { database, links }: Pick<HttpContext, 'database' | 'links'>,
  { escalation, suppressed, wish }: LeadStory,
  visitor: Visitor | null,
  at: Instant,
): Promise<MayTake> {
  if (visitor === null) return { kind: 'log in' };
  if (visitor.team !== 'sales') return { kind: 'nothing' };
  const beware = { suppressed, isQuiet: wish?.wish === 'quiet' };
  const state = escalation && (await escalationState(database, escalation.id as EscalationId));
  if (state === null) return { kind: 'take', after: null, from: null, ...beware };
  const { owner, assignment } = state;
  if (owner.id === visitor.id) return { kind: 'has', answers: links.escalation(assignment.id, at) };
  const isContacted = state.state === 'contacted' || state.state === 'qualified';
  if (isContacted && !isLeadOfSales(visitor)) return { kind: 'contacted', owner: owner.name };
  // Who keeps it until somebody has room is not deprived of it.
  const from = state.state === 'queued' ? null : owner.name;
  return { kind: 'take', after: assignment.id, from, ...beware };
}

/** What came of a form: where the rep goes on, or what to say on the page. */
type Outcome = { answers: string } | { status: number; notice: string };

/** Gives a lead to whoever asks for it by a form, and has its workflows look. */
export async function take(
  context: HttpContext,
  lead: LeadId,
  visitor: Visitor | null,
  body: unknown,
  at: Instant,
): Promise<Outcome> {
  if (visitor === null) return refusal(403, 'log in first.');
  if (visitor.team !== 'sales') return refusal(403, 'only sales takes leads over.');
  const form = formSchema.safeParse(body);
  if (!form.success) return refusal(422, 'press the button of the page.');
  const { database, links, nudger } = context;
  const facts = await loadFacts(database, lead, at);
  if (facts === null) return refusal(409, refusals.unknown);
  const { agreement } = await agreementById(database, facts.agreementId);
  const { grade } = facts.lead;
  if (grade === null) return refusal(409, refusals['not graded']);
  const taking = {
    ...{ leadId: lead, person: visitor.id, leadsSales: isLeadOfSales(visitor), ...form.data },
    segment: segmentOf(facts, grade, agreement, at).name,
    timesOf: (of: typeof grade) => dueTimes(agreement, of, visitor.country, at),
  };
  const taken = await takeOver(database, taking, at);
  switch (taken.kind) {
    case 'taken': {
      const { escalation, assignment, ended } = taken;
      nudger.begin(escalation, lead);
      nudger.nudge([lead]);
      if (ended !== null) {
        nudger.tell(`nurture/${ended}`);
        await whatIsSent(context, ended);
      }
      return { answers: links.escalation(assignment, at) };
    }
    case 'held':
      return taken.owner.id === visitor.id
        ? { status: 200, notice: 'It is yours already. Nothing has changed.' }
        : refusal(409, `${taken.owner.name} was faster, and has it now.`);
    case 'contacted':
      return refusal(409, `${taken.owner.name} has contacted it already.`);
    case 'refused':
      return refusal(409, refusals[taken.why]);
    default:
      return taken satisfies never;
  }
}

const refusal = (status: number, why: string): Outcome => ({
  status,
  notice: `Nothing has changed: ${why}`,
});

const refusals: Readonly<Record<TakeRefusal, string>> = {
  unknown: 'this page was of something else. Look at it again.',
  merged: 'it became another lead a moment ago. Open it again.',
  erased: 'this person asked to be erased.',
  'not graded': 'it came in a moment ago, and has no grade yet. Try again in a minute.',
  over: 'whoever had it has just said how it ended. Look again in a minute.',
};

/** Waits for a mail that had begun to leave, so that none leaves after the rep was answered. */
async function whatIsSent({ database }: HttpContext, enrollment: EnrollmentId): Promise<void> {
  const until = performance.now() + deliveryMs;
  while (performance.now() < until && (await isBeingSent(database, enrollment)))
    await sleep(lookAgainMs);
}
