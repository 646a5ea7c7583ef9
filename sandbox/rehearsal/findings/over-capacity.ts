import { DateTime } from 'luxon';
import { day, type Instant } from '../../../domain/instant.ts';
import { fault, type Rule } from './finding.ts';
import { listed, some } from './wording.ts';

/** As routing counts them: escalations within seven days. */
const span = 7 * day;

/** Reps who were given more leads within seven days than they have room for. */
export const overCapacity: Rule = ({ escalations }, { people, zone }) => {
  const over = people.flatMap(({ key, name, capacity }) => {
    if (capacity === null) return [];
    const given = escalations.filter(({ owner }) => owner === key).map(({ at }) => at);
    const { count, from } = fullestSpan(given);
    if (count <= capacity) return [];
    const since = DateTime.fromMillis(from, { zone }).toFormat('d LLLL');
    return [{ name, text: `${name} got ${count} from ${since}, and takes ${capacity}` }];
  });
  if (over.length === 0) return null;
  return fault(
    'over capacity',
    over.length,
    `${some(over.length, 'person', 'people')} got more leads within seven days than agreed: ${listed(over.map(({ text }) => text))}.`,
    over.map(({ name }) => name),
  );
};

/** The most moments that lie within seven days, and the first of these. */
function fullestSpan(moments: readonly Instant[]): { count: number; from: Instant } {
  const spans = moments.map(from => ({
    from,
    count: moments.filter(at => at >= from && at < from + span).length,
  }));
  return spans.reduce((most, next) => (next.count > most.count ? next : most), {
    from: 0 as Instant,
    count: 0,
  });
}
