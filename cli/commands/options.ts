import { InvalidArgumentError, Option } from 'commander';
import { DateTime } from 'luxon';

/** Options that many commands share. */
export function jsonOption(): Option {
  return new Option('--json', 'one JSON value instead of text');
}

export function workspaceOption(): Option {
  return new Option('--workspace <name>', 'the local workspace').default('sample');
}

/** Reads an option's whole number. @throws InvalidArgumentError for any other */
export function wholeNumber(what: string, least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`${what}: a whole number from ${least} to ${most}`);
  };
}

/** Reads an option's day, in this machine's time zone. @throws InvalidArgumentError for what is none */
export function readDay(text: string): DateTime {
  const date = DateTime.fromISO(text);
  if (date.isValid && /^\d{4}-\d{2}-\d{2}$/.test(text)) return date;
  throw new InvalidArgumentError('a day is written like 2026-09-01');
}

/** `2026-09-01` */
export function isoDay(date: DateTime): string {
  return date.toFormat('yyyy-MM-dd');
}

export function dryRunOption(): Option {
  return new Option('--dry-run', 'say what would happen, and change nothing');
}

export function dayFirstOption(): Option {
  return new Option('--day-first', 'in dates with slashes the day comes first: 31/12/2025');
}

/** Gathers an option that can be repeated. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
