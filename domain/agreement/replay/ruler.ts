import type { Agreement } from '../agreement.ts';
import { compiled, type Compiled } from '../compile.ts';
import { lookbackOf } from '../lookback.ts';

/** A version of the agreement, made ready to look at many leads. */
export interface Ruler {
  agreement: Agreement;
  /** How far back a look goes, in milliseconds. */
  lookback: number;
  ruleOf: Compiled['ruleOf'];
}

export function rulerOf(agreement: Agreement): Ruler {
  const { ruleOf } = compiled(agreement);
  return { agreement, lookback: lookbackOf(agreement), ruleOf };
}
