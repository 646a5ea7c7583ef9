import { sql } from './database.ts';

/** What is known of a lead, as `LeadFields`, for a statement in which it is called `l`. */
export const leadFields = sql`json_build_object(
  'firstName', l.first_name, 'lastName', l.last_name, 'company', l.company, 'title', l.title,
  'industry', l.industry, 'employees', l.employees, 'country', l.country, 'region', l.region, 'zone', l.zone)`;
