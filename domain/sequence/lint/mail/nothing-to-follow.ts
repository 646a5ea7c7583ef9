import { findingOf, type Rule } from '../finding.ts';
import { contentLinksOf } from '../links.ts';
import { bodyOf } from '../prose.ts';

/** Asking for an answer is something to follow as well. */
const asks =
  /\?|\b(answer|repl(y|ies)|write back|line back|tell (me|us)|call (me|us)|send (me|us)|antwort\w*|schreib\w*|ruf\w*)\b/i;

export const nothingToFollow: Rule = {
  id: 'nothing-to-follow',
  severity: 'hint',
  why: 'A mail that asks for nothing brings nothing, and nobody learns whether it was read.',
  mend: 'Give it one link, or ask a question that can be answered.',
  example: {
    wrong: '(no link, no question)',
    right: '<mj-button href="https://…/guide">Read the guide</mj-button>',
  },
  check: ({ mails }) =>
    mails
      .filter(
        mail => mail.html !== null && contentLinksOf(mail).length === 0 && !asks.test(bodyOf(mail)),
      )
      .map(mail =>
        findingOf(mail, 'there is no link in it and no question; what should a lead do?'),
      ),
};
