import { DateTime } from 'luxon';
import { contentKey, countsAsMailed } from '../../../domain/nurture/facts.ts';
import { fault, type Rule } from './finding.ts';
import { listed, some, tallied } from './wording.ts';

/** Local hours, the first of the night and the first of the morning. */
const night = 22;
const morning = 6;

/** Mails that went at night or on a Sunday, by the clock of the agreement's zone. */
export const badHours: Rule = ({ mails }, { zone }) => {
  const went = mails
    .filter(({ state }) => countsAsMailed(state))
    .map(mail => ({ ...mail, local: DateTime.fromMillis(mail.at, { zone }) }));
  const atNight = went.filter(({ local }) => local.hour >= night || local.hour < morning);
  const onSunday = went.filter(mail => mail.local.weekday === 7 && !atNight.includes(mail));
  const bad = [...atNight, ...onSunday];
  if (bad.length === 0) return null;
  const parts = [
    ...(atNight.length === 0 ? [] : [`${some(atNight.length, 'mail')} between 22:00 and 06:00`]),
    ...(onSunday.length === 0 ? [] : [`${some(onSunday.length, 'mail')} on a Sunday`]),
  ];
  const steps = bad.map(({ sequence, step }) => contentKey(sequence, step));
  return fault(
    'bad hours',
    bad.length,
    `By the clock of ${zone}, ${listed(parts)} went out. By step: ${tallied(steps)}.`,
    steps,
  );
};
