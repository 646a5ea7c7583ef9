import { DateTime } from 'luxon';
import { oneLine } from '../domain/document/text.ts';
import type { ClockName, Notice } from '../domain/escalation/clock.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/lead/address.ts';
import { leadInALine } from '../domain/lead/name.ts';
import { askedInWords } from '../domain/task/task.ts';
import type { EscalationState } from '../store/escalation.ts';
import type { Task } from '../store/task.ts';
import type { OutgoingMail } from './gateway.ts';
import { HouseMail } from './house-mail.ts';

/** Somebody who is told. */
export interface Recipient {
  name: string;
  address: Address;
}

/** What is told about a time that both teams agreed on. */
export interface TimeNotice {
  notice: Notice;
  state: EscalationState;
  /** Who the lead is, for the subject. */
  lead: string;
  to: Recipient;
  /** IANA name of the zone in which times are told. */
  zone: string;
  /** The signed link to where something can be done about it. */
  link: string;
}

/** What the manager is told when leads wait because nobody has room. */
export interface QueueNotice {
  to: Recipient;
  /** When they are looked at again. */
  next: Instant;
  zone: string;
  link: string;
}

/** What somebody is told who is asked to do something for a lead. */
export interface TaskNotice {
  task: Task;
  zone: string;
  /** The signed link to where it is said to be done. */
  link: string;
}

const asked: Readonly<Record<ClockName, string>> = {
  answer: 'Accept or reject it',
  contact: 'First contact',
  feedback: 'Feedback',
};

const missing: Readonly<Record<ClockName, string>> = {
  answer: 'nobody has accepted or rejected it; it goes to the next rep',
  contact: 'it was accepted, and nobody has contacted it',
  feedback: 'it was contacted, and nobody has said how it goes',
};

/** Mails about agreed times, full reps and tasks, made from `templates/brand/notice-mail.mjml`. */
export class NoticeMail {
  readonly #mail: HouseMail;

  private constructor(mail: HouseMail) {
    this.#mail = mail;
  }

  /** @param templates the folder that holds `brand/` */
  static async load(templates: string): Promise<NoticeMail> {
    return new NoticeMail(await HouseMail.load(templates, 'notice-mail.mjml'));
  }

  /** A warning to the owner while there is time, or a word to the manager when there is none left. */
  ofTime({ notice, state, lead, to, zone, link }: TimeNotice): OutgoingMail {
    const { clock, dueAt } = notice;
    const due = momentIn(dueAt, zone);
    const isOwner = notice.to === 'owner';
    const title = isOwner
      ? `Still to do: ${state.grade} lead ${lead}`
      : `Agreed time has passed: ${state.grade} lead ${lead}`;
    const lines = isOwner
      ? [`${to.name}, this lead waits for you.`, `${asked[clock]} by ${due}.`]
      : [
          `${to.name}, it was ${state.owner.name}'s to work: ${missing[clock]}.`,
          `It was due by ${due}.`,
        ];
    const button = isOwner ? 'See the lead, and answer' : 'See the lead';
    return this.#make(to, title, { title, lines, button, link, zone }, state);
  }

  /** Leads wait for reps; said once a day. */
  ofQueue({ to, next, zone, link }: QueueNotice): OutgoingMail {
    const title = 'Leads wait: every rep is full or away';
    const lines = [
      `${to.name}, leads crossed the line that nobody of sales has room for.`,
      `They wait in the order of grade and age, and are looked at again on ${momentIn(next, zone)}. ` +
        'Until then they are yours to give to somebody, or to work.',
    ];
    return this.#make(to, title, { title, lines, button: 'See where things stand', link, zone });
  }

  /** A sequence asks a person for something. */
  ofTask({ task, zone, link }: TaskNotice): OutgoingMail {
    const { id, kind, note, person, fields, sequence, dueAt } = task;
    const lead = leadInALine(fields) ?? 'a lead without a name';
    const title = `To do: ${askedInWords[kind]}, ${lead}`;
    const lines = [
      `${person.name}, the sequence ${sequence} asks you for ${askedInWords[kind]}: ${lead}.`,
      ...(note === null ? [] : [note]),
      `Please by ${momentIn(dueAt, zone)}.`,
    ];
    const variables = { title, lines, button: 'See the lead, and say it is done', link, zone };
    return this.#mail.make(
      {
        ...{ to: person.address, subject: oneLine(title), category: 'escalation' },
        customArgs: { task_id: id },
      },
      variables,
    );
  }

  #make(
    to: Recipient,
    title: string,
    variables: Readonly<Record<string, unknown>>,
    state: EscalationState | null = null,
  ): OutgoingMail {
    const subject = oneLine(title);
    const customArgs = state === null ? {} : { customArgs: { escalation_id: state.id } };
    return this.#mail.make(
      { to: to.address, subject, category: 'escalation', ...customArgs },
      variables,
    );
  }
}

function momentIn(at: Instant, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toFormat('ccc d LLL, HH:mm');
}
