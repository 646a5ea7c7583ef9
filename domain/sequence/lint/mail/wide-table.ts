import { inElements, type Rule } from '../finding.ts';
import { elementsIn } from '../template.ts';

/** Columns that a phone shows beside each other. */
const mostColumns = 5;

export const wideTable: Rule = {
  id: 'wide-table',
  severity: 'hint',
  why: 'A phone is as wide as four or five short words.',
  mend: 'Leave columns out, or link to the whole table.',
  example: { wrong: '(a table of 8 columns)', right: '(one of 3, and a link)' },
  check: inElements(element => {
    if (element.name !== 'mj-table' && element.name !== 'table') return null;
    const rows = elementsIn(element).filter(({ name }) => name === 'tr');
    const columns = Math.max(
      0,
      ...rows.map(
        ({ children }) =>
          children.filter(child => 'name' in child && (child.name === 'td' || child.name === 'th'))
            .length,
      ),
    );
    return columns <= mostColumns
      ? null
      : { message: `the table has ${columns} columns; a phone shows ${mostColumns} at most.` };
  }),
};
