import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { explainScore } from '../domain/agreement/explain.ts';
import type { AgreementDocument } from '../domain/agreement/schema.ts';
import type { Score } from '../domain/agreement/score.ts';
import { formatPoints } from '../domain/hundredths.ts';
import type { Instant } from '../domain/instant.ts';
import { whyNow, type Crossing, type Outlook } from '../domain/nurture/why-now.ts';
import type { Brand } from '../domain/sequence/brand.ts';
import type { EscalationState } from '../store/escalation.ts';
import type { LeadStory } from '../store/story.ts';
import { loadBrand } from './brand.ts';
import { compileMail } from './compile.ts';
import type { OutgoingMail } from './gateway.ts';
import { parseLiquid, renderLiquid, type ParsedTemplate } from './liquid.ts';
import { textPart } from './text-part.ts';

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
  readonly #brand: Brand;
  readonly #template: ParsedTemplate;

  private constructor(brand: Brand, template: ParsedTemplate) {
    this.#brand = brand;
    this.#template = template;
  }

  /** @param templates the folder that holds `brand/` */
  static async load(templates: string): Promise<RepMail> {
    const file = join(templates, 'brand', 'rep-mail.mjml');
    const brand = await loadBrand(templates);
    const { body } = await compileMail(await readFile(file, 'utf8'), file, templates);
    return new RepMail(brand, parseLiquid(body.html, 'html'));
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
      mail: { subject },
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
      brand: { company: this.#brand.company, postal_address: this.#brand.postalAddress },
    };
    const html = renderLiquid(this.#template, variables);
    return {
      to: state.owner.address,
      from: this.#brand.sender,
      subject,
      html,
      // Made from the finished HTML: a list's text part cannot be made from its template.
      text: textPart(html),
      headers: {},
      customArgs: { escalation_id: state.id, assignment_id: state.assignment.id },
      categories: ['escalation'],
      countClicks: false,
    };
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
