import { noFields, type LeadFields } from '../domain/lead/fields.ts';

/** A lead that nobody is, to see a mail as a lead like that gets it. */
export interface EdgeCase {
  /** Chooses it on the command line and in a page's address, such as `no-first-name`. */
  key: string;
  title: string;
  fields: LeadFields;
  /** The name of the rep that the lead is with; null when it is with none. */
  rep: string | null;
}

const aRep = 'Sophie de Vries';

/** What each differs in from the sequence's own sample. */
const cases: readonly {
  key: string;
  title: string;
  changes: Partial<LeadFields>;
  rep?: string | null;
}[] = [
  { key: 'sample', title: 'as in sample.json', changes: {} },
  { key: 'no-first-name', title: 'no first name', changes: { firstName: null } },
  {
    key: 'long-company',
    title: 'very long company',
    changes: {
      company:
        'Vereinigte Norddeutsche Maschinenbau- und Anlagentechnik-Gesellschaft für Förder- und Lagersysteme mit beschränkter Haftung & Co. Kommanditgesellschaft',
    },
  },
  {
    key: 'right-to-left',
    title: 'right-to-left',
    changes: {
      firstName: 'נועה',
      lastName: 'לוי',
      company: 'تقنيات المستقبل للصناعة',
      title: 'מנהלת מפעל',
      country: 'IL',
    },
  },
  {
    key: 'emoji',
    title: 'emoji',
    changes: { firstName: 'Zoë 🚀', lastName: '👩‍🔧', company: 'Bright 💡 & Söhne' },
  },
  {
    key: 'obrien',
    title: "O'Brien",
    changes: { firstName: 'Siobhán', lastName: "O'Brien", company: "O'Brien & Daughters" },
    rep: "Niamh O'Shea",
  },
  {
    key: 'script',
    title: '<script>',
    changes: {
      firstName: '<script>alert(1)</script>',
      lastName: '"><img src=x onerror=alert(1)>',
      company: '{{ lead.title }} <b>& Co</b>',
    },
  },
];

/**
 * The leads to look at a mail as.
 * @param sample the sequence's own sample, which most of them are variations of
 */
export function edgeCases(sample: LeadFields): EdgeCase[] {
  return [
    ...cases.map(({ key, title, changes, rep }) => ({
      ...{ key, title, fields: { ...sample, ...changes } },
      rep: rep === undefined ? aRep : rep,
    })),
    { key: 'nothing-known', title: 'nothing known', fields: noFields, rep: null },
  ];
}
