import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { TypedSearchAttributes, type SearchAttributePair } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import type {
  ActivationId,
  AgreementId,
  EnrollmentId,
  EscalationId,
  HookId,
  ImportId,
  LeadId,
  ProposalId,
} from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Next, Standing } from '../domain/nurture/next.ts';
import { attributes } from '../workflows/attributes.ts';
import { engaged } from '../workflows/messages.ts';
import type * as workflows from '../workflows/index.ts';
import { taskQueue } from './connect.ts';

/** What a lead's open row is, as the database names it. */
export interface OpenWork {
  leadId: LeadId;
  revision: number;
  enrollmentId: EnrollmentId | null;
  escalationId: EscalationId | null;
}

/** How a workflow is to be started. */
export interface StartContext {
  /** How far its clock is ahead of the domain's; zero in production. */
  shift: number;
  /** Starts it again although a run with its id has ended: for the sweep, whose row is still open. */
  again?: boolean;
}

/**
 * Starts and nudges workflows. The only place that does, so that every start has the same rules: an
 * id names one row and is never used twice, what runs already counts as started, and the shift
 * of the clock is passed on.
 */
export class Engine {
  readonly client: Client;

  constructor(client: Client) {
    this.client = client;
  }

  async nurture(
    enrollment: EnrollmentId,
    lead: LeadId,
    next: Next | null,
    context: StartContext,
  ): Promise<void> {
    await this.#start<typeof workflows.nurture>('nurture', `nurture/${enrollment}`, context, {
      args: [next === null ? { enrollment, lead } : { enrollment, lead, next }],
      summary: 'keeps a lead in nurture until it is ready for sales',
      lead,
      standing: next?.standing ?? null,
    });
  }

  async escalation(
    escalation: EscalationId,
    lead: LeadId,
    standing: Standing | null,
    context: StartContext,
  ): Promise<void> {
    await this.#start<typeof workflows.escalation>(
      'escalation',
      `escalation/${escalation}`,
      context,
      {
        args: [{ escalation }],
        summary: 'a lead that crossed the line, with the rep who answers for it',
        lead,
        standing,
      },
    );
  }

  /** Looks at a lead that is in nothing; once a revision. */
  async intake(lead: LeadId, revision: number, context: StartContext): Promise<void> {
    await this.#start<typeof workflows.intake>('intake', `intake/${lead}/${revision}`, context, {
      args: [{ lead }],
      summary: 'grades a lead and says where it goes',
      lead,
      standing: null,
    });
  }

  /** Takes in the rows of an import. */
  async importIntake(id: ImportId, context: StartContext): Promise<void> {
    await this.#start<typeof workflows.importIntake>('importIntake', `intake/${id}`, context, {
      args: [{ import: id }],
      summary: 'grades the leads of an import and says where each goes',
      lead: null,
      standing: null,
    });
  }

  /** Grades the leads anew under an agreement that was put into force. */
  async activation(id: ActivationId, context: StartContext): Promise<void> {
    await this.#start<typeof workflows.activation>('activation', `activation/${id}`, context, {
      args: [{ activation: id }],
      summary:
        'grades all leads anew under an agreement, and lets those that cross through to reps in time',
      lead: null,
      standing: null,
    });
  }

  /** Asks both teams to sign a draft, until they have. */
  async signing(id: AgreementId, context: StartContext): Promise<void> {
    await this.#start<typeof workflows.signing>('signing', `signing/${id}`, context, {
      args: [{ agreement: id }],
      summary: 'asks both teams to sign a draft of the agreement, until they have',
      lead: null,
      standing: null,
    });
  }

  /** Asks sales to sign a version of a sequence that is proposed, until they have. */
  async signingSequence(id: ProposalId, context: StartContext): Promise<void> {
    await this.#start<typeof workflows.signing>('signing', `signing/${id}`, context, {
      args: [{ proposal: id }],
      summary: 'asks sales to sign a version of a sequence, until they have',
      lead: null,
      standing: null,
    });
  }

  /** Tells another system of a transition, until it has been told or the time is over. */
  async hook(id: HookId, context: StartContext): Promise<void> {
    await this.#start<typeof workflows.hook>('hook', `hook/${id}`, context, {
      args: [{ hook: id }],
      summary: 'tells another system of a transition',
      lead: null,
      standing: null,
    });
  }

  /** Sweeps once, and waits for it: for whoever plays time, since schedules come in real time. */
  async sweep(at: Instant, context: StartContext): Promise<void> {
    const id = `sweep/${at}`;
    await this.#start<typeof workflows.sweep>('sweep', id, context, {
      args: [],
      summary: 'finds what fell between a write and its workflow',
      lead: null,
      standing: null,
    });
    await this.client.workflow.getHandle(id).result();
  }

  /** Starts the workflow of a lead's open row. Does nothing when there is no such row. */
  async openRow(
    { leadId, enrollmentId, escalationId }: Omit<OpenWork, 'revision'>,
    context: StartContext,
  ): Promise<void> {
    if (enrollmentId !== null) await this.nurture(enrollmentId, leadId, null, context);
    if (escalationId !== null) await this.escalation(escalationId, leadId, null, context);
  }

  /**
   * Says to look again: to the workflow that the lead is in, or to a new intake when it is in none. A
   * workflow that is not there yet, or not any more, is left to the sweep, which starts it.
   */
  async nudge(work: OpenWork, context: StartContext): Promise<void> {
    const { leadId, revision, enrollmentId, escalationId } = work;
    const id = enrollmentId !== null ? `nurture/${enrollmentId}` : `escalation/${escalationId}`;
    if (enrollmentId === null && escalationId === null)
      return this.intake(leadId, revision, context);
    const isTold = await this.tell(id);
    if (!isTold && context.again === true) await this.openRow(work, context);
  }

  /** Tells one workflow to look again. @returns false when none with this id runs */
  async tell(workflowId: string): Promise<boolean> {
    try {
      await this.client.workflow.getHandle(workflowId).signal(engaged);
      return true;
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      return false;
    }
  }

  async #start<F extends (...input: never[]) => Promise<void>>(
    type: string,
    workflowId: string,
    { shift, again = false }: StartContext,
    {
      args,
      summary,
      lead,
      standing,
    }: { args: Parameters<F>; summary: string; lead: LeadId | null; standing: Standing | null },
  ): Promise<void> {
    try {
      await this.client.workflow.start(type, {
        taskQueue,
        workflowId,
        args,
        workflowIdReusePolicy: again
          ? WorkflowIdReusePolicy.ALLOW_DUPLICATE
          : WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
        ...(shift === 0 ? {} : { memo: { shift } }),
        staticSummary: summary,
        typedSearchAttributes: searchAttributes(lead, standing),
        // Where a worker starts it, the first turn comes with the answer and need not be fetched from a queue.
        requestEagerStart: this.client.connection instanceof NativeConnection,
        priority: { fairnessKey: standing?.sequence?.split(' ')[0] ?? type },
      });
    } catch (error) {
      // It runs, or it ran: either way its row has been looked at.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }
}

function searchAttributes(lead: LeadId | null, standing: Standing | null): TypedSearchAttributes {
  const pairs: SearchAttributePair[] = [];
  if (lead !== null) pairs.push({ key: attributes.lead, value: lead });
  if (standing !== null) {
    pairs.push({ key: attributes.grade, value: standing.grade });
    pairs.push({ key: attributes.stage, value: standing.stage });
    if (standing.segment !== null) pairs.push({ key: attributes.segment, value: standing.segment });
    const sequence = standing.sequence?.split(' ')[0];
    if (sequence !== undefined) pairs.push({ key: attributes.sequence, value: sequence });
    if (standing.rep !== null) pairs.push({ key: attributes.rep, value: standing.rep });
  }
  return new TypedSearchAttributes(pairs);
}
