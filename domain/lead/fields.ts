/** What is known of a lead beside the address; every field may be missing. */
export interface LeadFields {
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  title: string | null;
  industry: string | null;
  /** Number of people the company employs. */
  employees: number | null;
  /** ISO 3166-1 alpha-2, such as `DE`. */
  country: string | null;
  region: string | null;
  /** IANA name, such as `Europe/Berlin`. */
  zone: string | null;
}

export const noFields: LeadFields = {
  firstName: null,
  lastName: null,
  company: null,
  title: null,
  industry: null,
  employees: null,
  country: null,
  region: null,
  zone: null,
};

/** The fields that fit criteria, segments, branches and territories may ask about. */
export const criterionFields = [
  'title',
  'industry',
  'employees',
  'country',
  'region',
  'company',
] as const;
export type CriterionField = (typeof criterionFields)[number];
