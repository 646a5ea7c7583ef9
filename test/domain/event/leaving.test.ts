import { describe, expect, it } from 'vitest';
import { asksToLeave } from '../../../domain/event/leaving.ts';

describe('whoever answers', () => {
  it.each([
    'unsubscribe',
    'Unsubscribe.',
    'UNSUBSCRIBE!!!',
    'Please unsubscribe me, thanks.',
    'Stop',
    'Remove me from your mailing list, please',
    'Take me off your list',
    'Abmelden',
    'Bitte abmelden. Danke!',
    'Bitte melden Sie mich ab',
    'Keine E-Mails mehr, bitte',
    'Bitte aus dem Verteiler löschen',
    'Bitte aus dem Verteiler lo\u0308schen',
    'Désabonner',
    'Me désinscrire, merci',
    'Désinscrivez-moi, s’il vous plaît',
    '\n\nunsubscribe\r\n\r\nAda Lovelace\r\nPlant Manager',
    'unsubscribe\n-- \nAda',
    'Abmelden\nVon meinem iPhone gesendet',
    'Unsubscribe\n\nOn Mon, 2 Mar 2026 at 09:00, Northwind wrote:\n> What a stop costs',
    'Unsubscribe\n> What a stop costs\n> unsubscribe here',
    'abmelden\n________________________________\nVon: Northwind',
    'stop\n-----Original Message-----\nFrom: Northwind',
  ])('%j wants to be taken off', text => {
    expect(asksToLeave(text, 'Re: What a stop costs')).toBe(true);
  });

  it.each([
    '',
    'Can I unsubscribe from the monthly plan and take the yearly one?',
    'We had a stop in plant 2. Call me.',
    'Stop by on Tuesday',
    'Non-stop',
    'Thanks!',
    'Please',
    'Yes, call me.\n\nunsubscribe',
    'Call me.\n> unsubscribe here',
    '> unsubscribe',
    'On Mon, 2 Mar 2026, Northwind wrote:\n> unsubscribe',
    'don’t remove me',
    'Do not unsubscribe me',
    'nicht abmelden',
    `unsubscribe ${'please '.repeat(100)}`,
    'unsubscribe '.repeat(100_000),
    '\n'.repeat(60_000),
  ])('%.60j says something else', text => {
    expect(asksToLeave(text, 'Re: What a stop costs')).toBe(false);
  });

  it('nothing says it in the subject', () => {
    expect(asksToLeave('', 'Unsubscribe')).toBe(true);
    expect(asksToLeave('> quoted', 'abmelden')).toBe(true);
    expect(asksToLeave('', 'Re: How to unsubscribe')).toBe(false);
    expect(asksToLeave('Call me', 'Unsubscribe')).toBe(false);
  });
});
