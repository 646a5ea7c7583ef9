import type { EnrollmentId } from '../domain/ids.ts';
import type { Claim } from '../store/send.ts';
import type { StoredVersion } from '../store/sequence-version.ts';
import type { OutgoingMail } from './gateway.ts';
import type { PersonalMail } from './personalize.ts';

/** What marks a mail as a test, as a category and as a custom argument, which comes back with each of its events. */
export const testMark = 'test';

/** A personal mail with everything that a mail must carry: sender, one-click leaving, its own id. */
export function mailFor(
  mail: PersonalMail,
  { sendId, address }: Claim,
  version: StoredVersion,
  enrollment: EnrollmentId,
  step: string,
): OutgoingMail {
  const ids = { send_id: sendId, enrollment_id: enrollment, step };
  return sequenceMail(mail, address, version, ids);
}

/**
 * What every mail of a sequence is, whoever it goes to.
 * @param customArgs what comes back with every event
 */
export function sequenceMail(
  { subject, html, text, unsubscribe }: PersonalMail,
  to: string,
  { name, content }: Pick<StoredVersion, 'name' | 'content'>,
  customArgs: OutgoingMail['customArgs'],
): OutgoingMail {
  return {
    ...{ to, from: content.brand.sender, subject, html, text },
    headers: {
      // RFC 8058: mail programs offer to leave with one click, by POST alone.
      'List-Unsubscribe': `<${unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    customArgs,
    categories: [name],
    countClicks: true,
  };
}
