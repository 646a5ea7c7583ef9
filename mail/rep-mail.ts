import { DateTime } from 'luxon';
import { explainScore } from '../domain/agreement/explain.ts';
import type { AgreementDocument } from '../domain/agreement/schema.ts';
import type { Score } from '../domain/agreement/score.ts';
import { formatPoints } from '../domain/hundredths.ts';
import type { Instant } from '../domain/instant.ts';
import { whyNow, type Crossing, type Outlook } from '../domain/nurture/why-now.ts';
import type { EscalationState } from '../store/escalation.ts';
import type { LeadStory } from '../store/story.ts';
import type { OutgoingMail } from './gateway.ts';
import { HouseMail } from './house-mail.ts';

/** What a rep is told. */
export interface Notice {
  state: EscalationState;
  story: LeadStory;
  agreement: AgreementDocument;
  crossing: Crossing;
  outlook: Outlook;
  /** The signed link to the rep's page. */
  link: string;
}

/** Entries of the timeline that a mail has room for. */
const recent = 8;

/** The mail that hands a lead to a rep, made from `templates/brand/rep-mail.mjml`. */
export class RepMail {
  readonly #mail: HouseMail;

  private constructor(mail: HouseMail) {
    this.#mail = mail;
  }

  /** @param templates the folder that holds `brand/` */
  static async load(templates: string): Promise<RepMail> {
    return new RepMail(await HouseMail.load(templates, 'rep-mail.mjml'));
  }

  make({ state, story, agreement, crossing, outlook, link }: Notice): OutgoingMail {
    const { zone } = agreement.working_hours;
    const moment = (at: Instant) => DateTime.fromMillis(at, { zone }).toFormat('ccc d LLL, HH:mm');
    const { fields } = story;
    const name = [fields.firstName, fields.lastName].filter(Boolean).join(' ') || 'A lead';
    const subject =
      `${state.grade} lead: ${[name, fields.company].filter(Boolean).join(', ')}`.replace(
        /[\r\n]+/g,
        ' ',
      );
    const variables = {
      rep: { name: state.owner.name },
      lead: {
        name,
        title: fields.title ?? '',
        company: fields.company ?? '',
        country: fields.country ?? '',
        address: story.address ?? '',
        source: story.source,
      },
      grade: state.grade,
      why: whyNow(crossing, outlook, zone),
      axes: (['fit', 'engagement'] as const).map(axis => axisOf(crossing.score, axis)),
      timeline: story.timeline
        .slice(0, recent)
        .map(({ at, what, detail }) => ({ when: moment(at), what, detail: detail ?? '' })),
      due: { accept: moment(state.acceptDueAt), contact: moment(state.contactDueAt) },
      link,
      zone,
    };
    return this.#mail.make(
      {
        to: state.owner.address,
        subject,
        category: 'escalation',
        customArgs: { escalation_id: state.id, assignment_id: state.assignment.id },
      },
      variables,
    );
  }
}

/** One table of the mail: the lines that give something, and what they add up to. */
function axisOf(score: Score, axis: 'fit' | 'engagement') {
  return {
    name: axis,
    lines: explainScore(score).filter(line => line.axis === axis && line.points !== '0'),
    total: formatPoints(score[axis]),
  };
}
