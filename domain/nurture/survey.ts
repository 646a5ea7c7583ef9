import type { Agreement } from '../agreement/agreement.ts';
import { isSales, type Grade } from '../agreement/grade.ts';
import { segmentsOf, type SegmentFacts } from '../agreement/segment-of.ts';
import { Commonest, type Counted } from '../commonest.ts';
import type { Instant } from '../instant.ts';
import { criterionFields, type CriterionField } from '../lead/fields.ts';
import { disqualificationOf } from './appraise.ts';
import { changeOfSegment } from './change-of-segment.ts';
import type { EnrollmentFacts, Facts, LeadFacts } from './facts.ts';

/** A lead as a survey of the segments looks at it. */
export interface SurveyedLead extends SegmentFacts {
  lead: Pick<LeadFacts, 'fields' | 'source' | 'account' | 'disqualified' | 'suppressed' | 'grade'>;
  /** Whether a rep has it. */
  withRep: boolean;
  enrollment: (Pick<EnrollmentFacts, 'segment' | 'pausedAt'> & { sequence: string }) | null;
  past: Facts['past'];
}

/** The leads of one grade in a segment. */
export interface GradeShare {
  /** The sequence that the segment names for them. */
  sequence: string;
  leads: number;
  /** Those of them that are in a sequence now, in this one or another. */
  nurtured: number;
}

/** Who is in which segment. */
export interface Segmented {
  leads: {
    total: number;
    /** In one of the segments: graded C or D, with no rep, and may be mailed. */
    segmented: number;
    /** With a rep, or graded A or B. */
    sales: number;
    /** Suppressed, disqualified, or of a company that is in touch. */
    neverMailed: number;
    notGraded: number;
  };
  segments: { name: string; move: boolean; C: GradeShare; D: GradeShare }[];
  /** Leads of a segment that a later one, the last aside, would take too; most first. */
  overlaps: { segment: string; also: string; leads: number }[];
  /** Leads that the last segment alone takes, and what they have in common. */
  onlyLast: {
    segment: string;
    leads: number;
    fields: Record<CriterionField | 'source', FieldValues>;
  };
  /** Leads in a sequence, by the segment that brought them there, that fit another now; most first. */
  elsewhere: { enrolledAs: string; fits: string; leads: number; moving: number }[];
}

export interface FieldValues {
  /** Leads without a value. */
  blank: number;
  commonest: Counted[];
  /** Whether there were so many different values that some counts may be too low. */
  isExact: boolean;
}

/** How many of the commonest values are told, and among how many different ones they are looked for. */
const told = 5;
const different = 2_000;

/** Looks at leads one after the other, and says who is in which segment. */
export class Survey {
  readonly #agreement: Agreement;
  readonly #at: Instant;
  readonly #result: Omit<Segmented, 'overlaps' | 'elsewhere' | 'onlyLast'>;
  readonly #overlaps = new Map<string, Segmented['overlaps'][number]>();
  readonly #elsewhere = new Map<string, Segmented['elsewhere'][number]>();
  readonly #last: { leads: number; fields: Map<CriterionField | 'source', Values> };

  constructor(agreement: Agreement, at: Instant) {
    this.#agreement = agreement;
    this.#at = at;
    const none = (sequence: string): GradeShare => ({ sequence, leads: 0, nurtured: 0 });
    this.#result = {
      leads: { total: 0, segmented: 0, sales: 0, neverMailed: 0, notGraded: 0 },
      segments: agreement.segments.map(({ name, move = false, nurture: { C, D } }) => ({
        ...{ name, move },
        ...{ C: none(C), D: none(D) },
      })),
    };
    const values = () => ({ blank: 0, commonest: new Commonest(different) });
    this.#last = {
      leads: 0,
      fields: new Map([...criterionFields, 'source' as const].map(field => [field, values()])),
    };
  }

  add(surveyed: SurveyedLead): void {
    const { leads } = this.#result;
    const { lead, withRep } = surveyed;
    leads.total += 1;
    if (lead.grade === null) leads.notGraded += 1;
    else if (lead.suppressed || disqualificationOf(surveyed, this.#agreement) !== null)
      leads.neverMailed += 1;
    else if (withRep || isSales(lead.grade)) leads.sales += 1;
    else {
      leads.segmented += 1;
      this.#place(surveyed, lead.grade);
    }
  }

  result(): Segmented {
    const most = <Row extends { leads: number }>(rows: Map<string, Row>): Row[] =>
      [...rows.values()].toSorted((a, b) => b.leads - a.leads);
    const fields = [...this.#last.fields].map(([field, { blank, commonest }]) => [
      field,
      { blank, commonest: commonest.top(told), isExact: commonest.isExact },
    ]);
    return {
      ...this.#result,
      overlaps: most(this.#overlaps),
      onlyLast: {
        segment: this.#agreement.segments.at(-1)?.name ?? '',
        leads: this.#last.leads,
        fields: Object.fromEntries(fields) as Segmented['onlyLast']['fields'],
      },
      elsewhere: most(this.#elsewhere),
    };
  }

  #place(surveyed: SurveyedLead, grade: Exclude<Grade, 'A' | 'B'>): void {
    const { enrollment } = surveyed;
    const [own, ...others] = segmentsOf(surveyed, grade, this.#agreement, this.#at);
    if (own === undefined) throw new Error('The last segment takes everyone.');
    const share = this.#result.segments.find(({ name }) => name === own.name)?.[grade];
    if (share !== undefined) {
      share.leads += 1;
      if (enrollment !== null) share.nurtured += 1;
    }
    for (const { name: also } of others.slice(0, -1)) {
      const overlap = { segment: own.name, also, leads: 0 };
      entry(this.#overlaps, `${own.name}\n${also}`, overlap).leads += 1;
    }
    if (others.length === 0) this.#describe(surveyed);
    if (enrollment === null || enrollment.segment === own.name) return;
    const enrolledAs = enrollment.segment ?? 'none';
    const key = `${enrolledAs}\n${own.name}`;
    const row = entry(this.#elsewhere, key, { enrolledAs, fits: own.name, leads: 0, moving: 0 });
    row.leads += 1;
    const facts = { ...surveyed, enrollment };
    if (changeOfSegment(facts, grade, this.#agreement, this.#at) !== null) row.moving += 1;
  }

  #describe({ lead: { fields, source } }: SurveyedLead): void {
    this.#last.leads += 1;
    for (const [field, values] of this.#last.fields) {
      const value = field === 'source' ? source : fields[field];
      if (value === null || value === '') values.blank += 1;
      else values.commonest.add(typeof value === 'number' ? sizeOf(value) : value);
    }
  }
}

interface Values {
  blank: number;
  commonest: Commonest;
}

function entry<Row>(rows: Map<string, Row>, key: string, fresh: Row): Row {
  const known = rows.get(key);
  if (known !== undefined) return known;
  rows.set(key, fresh);
  return fresh;
}

/** A number of employees as a range, as a segment may ask for it. */
function sizeOf(employees: number): string {
  const limits = [10, 50, 200, 1_000, 5_000];
  const above = limits.findIndex(limit => employees < limit);
  if (above < 0) return `>= ${limits.at(-1)}`;
  return above === 0 ? `< ${limits[0]}` : `${limits[above - 1]}-${(limits[above] ?? 0) - 1}`;
}
