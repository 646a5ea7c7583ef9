import type { Severity } from './finding.ts';

/** What is told by other means than a rule. */
export interface FormRule {
  id: string;
  severity: Severity;
  why: string;
  mend: string;
}

export const formRules: readonly FormRule[] = [
  {
    id: 'form',
    severity: 'error',
    why: 'A file that cannot be read, or says something else than it can, says nothing.',
    mend: 'Write it as docs/sequences.md shows; an editor that knows JSON Schema completes it.',
  },
  {
    id: 'sample',
    severity: 'error',
    why: 'A mail that cannot be made for the sample lead would be blocked for a lead like it.',
    mend: 'Mend the mail, or what sample.json says of the lead; every sequence has one.',
  },
  {
    id: 'dead-link',
    severity: 'warning',
    why: 'A page that is gone was told of for nothing. It is looked for with --links alone.',
    mend: 'Look whether the page has moved, or whether the site only refuses programs.',
  },
];
