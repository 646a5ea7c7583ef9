import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';

/** A process's log: one JSON object a line, ids and codes only. */
export function createLog(name: string, { logLevel }: Pick<Config, 'logLevel'>): Logger {
  return pino({ name, level: logLevel });
}
