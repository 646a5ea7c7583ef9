import { DateTime } from 'luxon';
import type { Doing } from '../domain/agreement/doings.ts';
import type { AgreementDocument } from '../domain/agreement/schema.ts';
import { oneLine } from '../domain/document/text.ts';
import { hasBoth, joiningInASubject, tellJoining } from '../domain/escalation/joining.ts';
import { talkFor, type Talk } from '../domain/escalation/talk.ts';
import { momentInWords } from '../domain/escalation/time-left.ts';
import { tellSaidBefore } from '../domain/escalation/told.ts';
import type { Instant } from '../domain/instant.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import { countryName } from '../domain/lead/country.ts';
import { leadInALine, leadName } from '../domain/lead/name.ts';
import { whyNow, type Crossing, type Outlook } from '../domain/nurture/why-now.ts';
import type { EscalationState } from '../store/escalation.ts';
import type { Handover, SentMail } from '../store/handover.ts';
import type { LeadStory } from '../store/story.ts';
import type { OutgoingMail } from './gateway.ts';
import { HouseMail } from './house-mail.ts';
import type { Links } from './links.ts';
import { subjectFor } from './personalize.ts';
import { loadTalks } from './sales-folder.ts';

/** What a rep is told. */
export interface Notice {
  state: EscalationState;
  story: LeadStory;
  agreement: AgreementDocument;
  crossing: Crossing;
  outlook: Outlook;
  handover: Handover;
  /** What the lead did, newest first. */
  doings: readonly Doing[];
  at: Instant;
}

/** Lines that a mail has room for. */
const most = { why: 4, doings: 6, mails: 5 };

/** The mail that hands a lead to a rep, made from `templates/brand/rep-mail.mjml` and `templates/sales/`. */
export class RepMail {
  readonly #mail: HouseMail;
  readonly #talks: readonly Talk[];

  private constructor(mail: HouseMail, talks: readonly Talk[]) {
    this.#mail = mail;
    this.#talks = talks;
  }

  /**
   * @param templates the folder that holds `brand/` and `sales/`
   * @throws DocumentError when a file of `sales/` cannot be used
   */
  static async load(templates: string): Promise<RepMail> {
    const mail = await HouseMail.load(templates, 'rep-mail.mjml');
    return new RepMail(mail, await loadTalks(templates));
  }

  make(notice: Notice, links: Links): OutgoingMail {
    const { state, story, agreement, crossing, outlook, handover, doings, at } = notice;
    const { zone } = agreement.working_hours;
    const { fields, address } = story;
    const moment = (when: Instant) => momentInWords(when, zone);
    const { joins, lastTime, mails } = handover;
    const who = joins === null ? leadInALine(fields) : joiningInASubject(fields, joins);
    const link = links.escalation(state.assignment.id, at);
    const talk = talkFor(this.#talks, state.segment);
    const variables = {
      rep: { name: state.owner.name },
      lead: {
        name: leadName(fields) ?? 'A lead',
        what: [fields.title, fields.company].filter(Boolean).join(', '),
        where: [fields.region, fields.country === null ? null : countryName(fields.country)]
          .filter(Boolean)
          .join(', '),
        address: address ?? '',
        mailto: address === null ? '' : mailTo(address),
        source: story.source,
      },
      grade: state.grade,
      joins: joins === null ? '' : tellJoining(fields, joins),
      joins_link: joins !== null && hasBoth(joins) ? links.escalation(joins.assignment, at) : '',
      due: { accept: moment(state.acceptDueAt), contact: moment(state.contactDueAt) },
      why: whyNow(crossing, outlook, zone).slice(0, most.why),
      last_time: lastTime.map(said => tellSaidBefore(said, at, zone)),
      doings: doings.slice(0, most.doings).map(({ at: when, what, times }) => ({
        when: moment(when),
        what: times === 1 ? what : `${what}, ${times} times`,
      })),
      mails: mails.slice(0, most.mails).map(mail => ({
        when: dayInWords(mail.at, zone),
        subject: subjectOf(mail, fields),
      })),
      talk: { points: talk?.talking_points ?? [], collateral: talk?.collateral ?? [] },
      links: { accept: `${link}#accept`, reject: `${link}#reject`, open: link, desk: links.desk() },
      zone,
    };
    return this.#mail.make(
      {
        to: state.owner.address,
        subject: oneLine(`${state.grade} lead: ${who ?? 'A lead'}`),
        category: 'escalation',
        customArgs: { escalation_id: state.id, assignment_id: state.assignment.id },
      },
      variables,
    );
  }
}

/** What a mail program writes to, even where an address has signs that mean something in a link. */
function mailTo(address: string): string {
  return `mailto:${encodeURIComponent(address).replace('%40', '@')}`;
}

function subjectOf({ name, subject, company }: SentMail, fields: LeadFields): string {
  return (subject === null ? null : subjectFor(subject, fields, company)) ?? name;
}

/** `Tue 3 Mar`: at what time of the day a mail went out says nothing. */
function dayInWords(at: Instant, zone: string): string {
  return DateTime.fromMillis(at, { zone }).toFormat('ccc d LLL');
}
