import { clipped, oneLine } from '../document/text.ts';
import type { LeadFields } from './fields.ts';

/** Longer names are cut: they have to fit a subject. UTF-16 units. */
const longest = 80;

/** Signs that turn around what comes after them. The letters of a language that is read from the right need none. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/**
 * Who a lead is, in one line: `Ada Lovelace`. Whatever somebody wrote into a form, it neither begins another line nor
 * changes how the rest of a line is read.
 * @returns null of whom no name is known
 */
export function leadName({
  firstName,
  lastName,
}: Pick<LeadFields, 'firstName' | 'lastName'>): string | null {
  return inOneLine([firstName, lastName], ' ');
}

/** The same with the company: `Ada Lovelace, Analytical Engines`; null when neither is known. */
export function leadInALine({
  company,
  ...names
}: Pick<LeadFields, 'firstName' | 'lastName' | 'company'>): string | null {
  return inOneLine([leadName(names), company], ', ');
}

/** Any text that may be what somebody wrote into a form, as names are: in one line, and not longer than a name. */
export function tamed(text: string): string {
  return clipped(oneLine(text.replace(turning, '')), longest);
}

function inOneLine(parts: readonly (string | null)[], between: string): string | null {
  const told = parts.map(part => tamed(part ?? '')).filter(part => part !== '');
  return told.length === 0 ? null : told.join(between);
}
