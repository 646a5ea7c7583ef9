import type { AgreementDocument } from '../agreement/schema.ts';
import type { EventKind } from '../event/event.ts';
import { matches } from './match.ts';

/** What kind of event a conversion's name stands for in the agreement; a form when it says nothing. */
export function conversionKind(
  name: string,
  { events }: Pick<AgreementDocument, 'events'>,
): EventKind {
  const named = Object.values(events).find(
    ({ kind, like }) =>
      (kind === 'form' || kind === 'download' || kind === 'webinar') &&
      like.some(pattern => matches(name, pattern)),
  );
  return named?.kind ?? 'form';
}
