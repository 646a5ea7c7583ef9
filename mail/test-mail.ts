import type { OutgoingMail } from './gateway.ts';
import type { Links } from './links.ts';
import { sequenceMail, testMark } from './message.ts';
import { personalize, TemplateError, type MailLead } from './personalize.ts';
import type { Previewed } from './preview.ts';

/**
 * A mail that somebody sends to see it in a mail program. It is marked as a test, has no id of the ledger's, and its
 * links to leave are nobody's.
 * @param mail the mail's name
 * @returns why it would be blocked, when it cannot be made for this lead
 */
export function testMail(
  sequence: Previewed,
  mail: string,
  { fields, rep }: Omit<MailLead, 'id'>,
  to: string,
  links: Links,
): OutgoingMail | { blocked: string } {
  try {
    const personal = personalize(sequence.content, mail, { id: null, fields, rep }, links);
    const customArgs = { [testMark]: `${sequence.name}/${mail}` };
    return {
      ...sequenceMail(personal, to, sequence, customArgs),
      subject: `[Test] ${personal.subject}`,
      // The sequence's own category would count it with the mails of the sequence, at the provider's.
      categories: [testMark],
    };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { blocked: error.message };
  }
}
