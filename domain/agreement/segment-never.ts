import { suggestion } from '../document/nearest.ts';
import { scoringKinds } from '../event/event.ts';
import { coversField } from '../lead/cover.ts';
import { countryCode } from '../lead/country.ts';
import { criterionFields } from '../lead/fields.ts';
import { numbersOf } from '../lead/match.ts';
import { isSales } from './grade.ts';
import type { AgreementDocument } from './schema.ts';
import type { SegmentCondition } from './segments.ts';

/** A part of a condition that cannot be met, by its path in the condition, and why. */
export interface Impossible {
  path: readonly (string | number)[];
  message: string;
}

/** The parts of the agreement that say what a lead in nurture can be like. */
export type Nurtured = Pick<AgreementDocument, 'events' | 'rejections' | 'disqualified'>;

/** What no lead in nurture can be like: mistyped names, and what the agreement rules out. */
export function neverMet(when: SegmentCondition, agreement: Nurtured): Impossible[] {
  return [
    ...wrongValues(when),
    ...ruledOut(when, agreement),
    ...wrongGrades(when),
    ...strangeEvents(when, agreement),
    ...strangeReasons(when, agreement),
  ];
}

function wrongValues({ employees = [], country = [] }: SegmentCondition): Impossible[] {
  return [
    ...employees.flatMap((pattern, index) => {
      const numbers = numbersOf(pattern);
      if (numbers !== null && numbers.low <= numbers.high) return [];
      const how = 'write a number, or a range such as 50-199 or > 2000';
      return [
        { path: ['employees', index], message: `no number of employees is "${pattern}": ${how}.` },
      ];
    }),
    ...country.flatMap((pattern, index) => {
      if (pattern.includes('*') || /^\s*[a-z]{2}\s*$/i.test(pattern)) return [];
      const code = countryCode(pattern);
      const how = code === null ? 'such as DE' : `here ${code}`;
      const message = `no lead's country is "${pattern}": countries are told by their two letters, ${how}.`;
      return [{ path: ['country', index], message }];
    }),
  ];
}

function ruledOut(when: SegmentCondition, { disqualified }: Nurtured): Impossible[] {
  return criterionFields.flatMap(field => {
    const [own, never] = [when[field], disqualified[field]];
    if (own === undefined || never === undefined || !coversField(field, never, own)) return [];
    const message = `the agreement disqualifies every lead whose ${field} is "${own.join('" or "')}", so none is in nurture; leave it out, here or under "disqualified".`;
    return [{ path: [field], message }];
  });
}

function wrongGrades({ grade = [] }: SegmentCondition): Impossible[] {
  if (grade.includes('C') && grade.includes('D')) {
    const message = 'every lead in nurture is C or D, so this asks for nothing: leave it out.';
    return [{ path: ['grade'], message }];
  }
  return grade.flatMap((each, index) =>
    isSales(each)
      ? [
          {
            path: ['grade', index],
            message: `no lead in nurture is ${each}: A and B go to sales. Name C or D.`,
          },
        ]
      : [],
  );
}

function strangeEvents({ engaged }: SegmentCondition, { events }: Nurtured): Impossible[] {
  const known = [...Object.keys(events), ...scoringKinds];
  return (engaged?.event ?? []).flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          {
            path: ['engaged', 'event', index],
            message: `"${name}" is no event: name one of ${scoringKinds.join(', ')}, or describe it under "events" in the agreement.${suggestion(name, known)}`,
          },
        ],
  );
}

function strangeReasons({ rejected_for: reasons = [] }: SegmentCondition, agreement: Nurtured) {
  const known = Object.keys(agreement.rejections);
  return reasons.flatMap((reason, index): Impossible[] => {
    const path = ['rejected_for', index];
    const rule = agreement.rejections[reason];
    if (rule === undefined) {
      const message = `"${reason}" is no reason that sales rejects a lead for.${suggestion(reason, known)}`;
      return [{ path, message }];
    }
    if (!rule.suppress && !rule.disqualify) return [];
    const message = `after "${reason}" a lead is ${rule.suppress ? 'never mailed again' : 'disqualified'}, so none is in nurture; leave the reason out.`;
    return [{ path, message }];
  });
}
