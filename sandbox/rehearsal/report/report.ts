import type { Instant } from '../../../domain/instant.ts';
import type { WhatHappened } from '../../../store/what-happened.ts';
import type { Day, Week } from '../days.ts';
import type { Finding } from '../findings/finding.ts';

/** A rehearsal at its end: what was played, what came of it, and what that says. */
export interface RehearsalReport {
  title: string;
  /** Everything random in it comes from this number. */
  seed: number;
  from: Instant;
  to: Instant;
  /** The agreement's, an IANA name; every date and time in the report is by its clock. */
  zone: string;
  /** How long time was played, in real milliseconds. */
  tookMs: number;
  /** Workflows that were set forward to what was due meanwhile. */
  forwards: number;
  /** What was made to fail on the way, in words. */
  faults: string[];
  digest: string;
  told: WhatHappened;
  days: Day[];
  weeks: Week[];
  findings: Finding[];
}
