import { describe, expect, it } from 'vitest';
import {
  readEventHeadings,
  readPastEvent,
  type EventColumn,
} from '../../../domain/event/history.ts';
import { instant } from '../../../domain/instant.ts';

const now = instant(Date.parse('2026-03-02T08:00:00Z'));
const read = (values: Partial<Record<EventColumn, string>>) =>
  readPastEvent(
    new Map(
      Object.entries({ email: 'ada@x.example', event: 'page', at: '2026-02-01', ...values }) as [
        EventColumn,
        string,
      ][],
    ),
    now,
    'month',
  );

describe('a past event', () => {
  it.each([
    ['https://www.example.com/pricing?utm=a#top', '/pricing'],
    ['https://www.example.com', '/'],
    ['/pricing?plan=a', '/pricing'],
    ['Pricing', 'Pricing'],
  ])('a page %s is told by its path %s', (name, subject) => {
    expect(read({ name })).toMatchObject({ row: { kind: 'page', subject } });
  });

  it.each([
    ['Form Submission', 'form'],
    ['page_view', 'page'],
    ['Downloaded', 'download'],
    ['Attended Webinar', 'webinar'],
  ])('"%s" is a %s', (event, kind) => {
    expect(read({ event, name: 'X' })).toMatchObject({ row: { kind, subject: 'X' } });
  });

  it.each([
    [{ event: 'click' }, 'clicks come from the mail provider alone'],
    [{ event: 'Reply' }, 'a reply calls a rep at once'],
    [{ event: 'booked' }, 'a meeting calls a rep at once'],
    [{ event: 'fomr' }, 'Did you mean "form"?'],
    [{ at: '2026-03-02T08:00:01Z' }, 'lies in the future'],
    [{ at: '1970-01-01' }, 'lies before 1990'],
    [{ at: '45678' }, 'was not understood'],
    [{ email: '' }, 'the address is blank'],
  ])('%j cannot be used: %s', (values, why) => {
    const result = read(values);
    expect('reason' in result && result.reason).toContain(why);
  });

  it.each([
    [['Email', 'Date'], 'No column holds kinds of events'],
    [['Event', 'Date'], 'No column holds addresses'],
    [['Email', 'Event'], 'No column holds dates'],
  ])('the headings %j are not enough', (header, why) => {
    const result = readEventHeadings(header, []);
    expect('problems' in result && result.problems.join()).toContain(why);
  });
});
