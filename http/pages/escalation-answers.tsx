import type { PropsWithChildren } from '@kitajs/html';
import type { AgreementDocument } from '../../domain/agreement/schema.ts';
import { answersIn, isEnd, type AnswerKind } from '../../domain/escalation/life.ts';
import { saidOf } from '../../domain/escalation/told.ts';
import type { EscalationState, Said } from '../../store/escalation.ts';

export interface AnswersProps {
  state: EscalationState;
  action: string;
  agreement: AgreementDocument;
  /** `2026-03-02`, the first day that a lead may be called again on. */
  tomorrow: string;
}

/** The parts of the page, as mails lead to them: `#accept`. */
const partOf: Readonly<Record<AnswerKind, string>> = {
  accepted: 'accept',
  contacted: 'contacted',
  feedback: 'feedback',
  qualified: 'qualified',
  rejected: 'reject',
  won: 'won',
  lost: 'lost',
  closed: 'close',
};

/** What the owner may say of a lead where it stands; each a form that works by itself. */
export function Answers({ state, action, agreement, tomorrow }: AnswersProps): string {
  const end = state.dispositions.find(({ kind }) => isEnd(kind));
  if (end !== undefined) return (<Ended end={end} />) as string;
  const may = new Set(answersIn(state.state));
  const last = state.dispositions.at(-1);
  return (
    <section class="answers" aria-label="Your answer">
      {last === undefined ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {`${last.person} ${saidOf(last.kind, 'this lead')}${last.note === null ? '' : `: ${last.note}`}.`}
        </p>
      )}
      {may.has('accepted') ? (
        <Said action={action} title="Take it" says="accepted" button="Accept">
          <p class="quiet">You work this lead from here on. Nurture has stopped.</p>
        </Said>
      ) : (
        ''
      )}
      {may.has('contacted') && state.state !== 'assigned' && state.state !== 'queued' ? (
        <Said action={action} title="You talked" says="contacted" button="Contacted">
          <Note label="What did you hear?" />
        </Said>
      ) : (
        ''
      )}
      {state.state === 'accepted' ? <Attempts state={state} action={action} /> : ''}
      {may.has('feedback') ? (
        <Said action={action} title="How it goes" says="feedback" button="Save feedback">
          <Note label="Where does it stand?" isNeeded />
        </Said>
      ) : (
        ''
      )}
      {may.has('qualified') && state.state !== 'assigned' ? (
        <Said
          action={action}
          title="There is a need and a budget"
          says="qualified"
          button="Qualified"
        />
      ) : (
        ''
      )}
      {may.has('won') ? (
        <Said action={action} title="Won" says="won" button="Won">
          <label>
            Amount, with its currency
            <input name="amount" inputmode="text" placeholder="12,500 EUR" maxlength="40" />
          </label>
        </Said>
      ) : (
        ''
      )}
      {may.has('lost') ? (
        <Said action={action} title="Lost" says="lost" button="Lost" isSecondary>
          <label>
            Why
            <input name="reason" required maxlength="80" placeholder="chose another" />
          </label>
        </Said>
      ) : (
        ''
      )}
      {may.has('rejected') ? (
        <Rejection state={state} action={action} agreement={agreement} tomorrow={tomorrow} />
      ) : (
        ''
      )}
    </section>
  ) as string;
}

function Ended({ end }: { end: Said }): string {
  const why = end.reason === null ? '' : `: ${end.reason}`;
  const then = end.kind === 'rejected' ? ' It is back with marketing.' : '';
  return (
    <p class="notice" role="status" safe>
      {`${end.person} ${saidOf(end.kind, 'this lead')}${why}.${then}`}
    </p>
  ) as string;
}

interface SaidProps {
  action: string;
  title: string;
  says: AnswerKind;
  button: string;
  isSecondary?: boolean;
}

function Said({
  action,
  title,
  says,
  button,
  isSecondary = false,
  children,
}: PropsWithChildren<SaidProps>): string {
  return (
    <form method="post" action={action} id={partOf[says]}>
      <h2 safe>{title}</h2>
      {children}
      <button
        type="submit"
        name="answer"
        value={says}
        {...(isSecondary ? { class: 'secondary' } : {})}
        safe
      >
        {button}
      </button>
    </form>
  ) as string;
}

function Note({ label, isNeeded = false }: { label: string; isNeeded?: boolean }): string {
  return (
    <label>
      <span safe>{label}</span>
      <input name="note" maxlength="500" required={isNeeded} />
    </label>
  ) as string;
}

/** What was tried so far, and another try. */
function Attempts({ state, action }: Pick<AnswersProps, 'state' | 'action'>): string {
  const count = state.attempts.length;
  const so = count === 0 ? 'No attempt is noted yet.' : `${count} noted so far.`;
  return (
    <form method="post" action={action} id="attempt">
      <h2>Tried to reach them</h2>
      <p class="quiet" safe>
        {so}
      </p>
      <label>
        How
        <select name="attempt">
          <option value="call">a call</option>
          <option value="mail">a mail</option>
          <option value="meeting">a meeting</option>
        </select>
      </label>
      <button type="submit" name="answer" value="attempt" class="secondary">
        Note the attempt
      </button>
    </form>
  ) as string;
}

function Rejection({ state, action, agreement, tomorrow }: AnswersProps): string {
  const rules = Object.entries(agreement.rejections);
  const asking = (what: string) =>
    rules.filter(([, rule]) => rule.asks === what).map(([reason]) => `“${reason}”`);
  const dates = asking('date');
  const people = [...asking('colleague'), ...asking('duplicate')];
  return (
    <form method="post" action={action} id={partOf.rejected}>
      <h2>
        {state.state === 'assigned' || state.state === 'queued' ? 'Not for you' : 'Give it back'}
      </h2>
      <label>
        Reason
        <select name="reason" required>
          <option value="">Choose a reason</option>
          {rules.map(([reason]) => (
            <option value={reason} safe>
              {reason}
            </option>
          ))}
        </select>
      </label>
      {dates.length === 0 ? (
        ''
      ) : (
        <label>
          <span safe>{`Call again on (for ${dates.join(', ')})`}</span>
          <input type="date" name="date" min={tomorrow} />
        </label>
      )}
      {people.length === 0 ? (
        ''
      ) : (
        <label>
          <span safe>{`Address of the right or the same person (for ${people.join(', ')})`}</span>
          <input type="email" name="about" maxlength="254" />
        </label>
      )}
      <label>
        Note for marketing
        <input name="note" maxlength="500" placeholder="What did you hear?" />
      </label>
      <button type="submit" name="answer" value="rejected" class="secondary">
        Reject
      </button>
    </form>
  ) as string;
}
