import { findingAt, type Rule } from '../finding.ts';
import { windowFor } from '../window.ts';

/** Days that are told from the day on which the mail is written. */
export const relativeDay =
  /\b(tomorrow|yesterday|tonight|this (?:morning|afternoon|evening|weekend)|today only|only today|by today|until today|ends today|morgen früh|heute abend|nur heute|gestern)\b/i;

export const relativeDayRule: Rule = {
  id: 'relative-day',
  severity: 'warning',
  why: 'The window, the cap or a pause may move the mail by days, and "tomorrow" with it.',
  mend: 'Name no day, or one that holds whenever it arrives.',
  example: { wrong: 'We call you tomorrow.', right: 'We call you within two working days.' },
  check: sequence =>
    sequence.mails.flatMap(({ step, elements }) =>
      windowFor(sequence, step) === 'always'
        ? []
        : elements.flatMap(({ name, children, source }) =>
            /style$/.test(name)
              ? []
              : children.flatMap(child => {
                  const match = 'words' in child ? relativeDay.exec(child.words) : null;
                  if (match === null || !('words' in child)) return [];
                  const message = `"${match[0]}" may be wrong when the mail arrives: its window may move it.`;
                  return [findingAt(source, child.start + match.index, message)];
                }),
          ),
    ),
};
