import type { EnrollmentId } from '../domain/ids.ts';
import type { Claim } from '../store/send.ts';
import type { StoredVersion } from '../store/sequence-version.ts';
import type { OutgoingMail } from './gateway.ts';
import type { PersonalMail } from './personalize.ts';

/** A personal mail with everything that a mail must carry: sender, one-click leaving, its own id. */
export function mailFor(
  { subject, html, text, unsubscribe }: PersonalMail,
  { sendId, address }: Claim,
  { name, content }: StoredVersion,
  enrollment: EnrollmentId,
  step: string,
): OutgoingMail {
  return {
    to: address,
    from: content.brand.sender,
    subject,
    html,
    text,
    headers: {
      // RFC 8058: mail programs offer to leave with one click, by POST alone.
      'List-Unsubscribe': `<${unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    customArgs: { send_id: sendId, enrollment_id: enrollment, step },
    categories: [name],
    countClicks: true,
  };
}
