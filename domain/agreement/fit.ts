import { hundredths, type Hundredths } from '../hundredths.ts';
import type { CriterionField, LeadFields } from '../lead/fields.ts';
import { compiled } from './compile.ts';
import type { AgreementDocument } from './schema.ts';

/** What one criterion gives to fit. */
export interface FitLine {
  axis: 'fit';
  rule: CriterionField;
  /** The criterion's share of all weights, in hundredths of a percent. */
  share: number;
  /** What the field gives, 0 to 100. */
  raw: number;
  /** Whether the field is blank. */
  missing: boolean;
  points: Hundredths;
}

/**
 * Fit, F = Σ(wᵢ·pᵢ)/Σwᵢ, as one line a criterion (the formula is Oracle Eloqua's profile formula).
 * The sum of the lines is F rounded to hundredths: each line is what the rounded running total
 * grows by, so no line is off by more than a hundredth and none exists to make the sum fit.
 */
export function fitLines(fields: LeadFields, agreement: AgreementDocument): FitLine[] {
  const { criteria, weights } = compiled(agreement);
  const { missing: ofMissing } = agreement.fit;
  let exact = 0;
  let total = 0;
  return criteria.map(({ field, weight, share, give }) => {
    const value = fields[field];
    const missing = value === null || value === '';
    const raw = missing ? ofMissing : (give(value) ?? 0);
    exact += weight * raw;
    const before = total;
    total = Math.round((exact * 100) / weights);
    return { axis: 'fit', rule: field, share, raw, missing, points: hundredths(total - before) };
  });
}
