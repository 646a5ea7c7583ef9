import { pino } from 'pino';
import { instant } from '../domain/instant.ts';
import { SetClock } from '../engine/clock.ts';
import { SparingLog } from '../http/sparing-log.ts';
import { filesOf } from '../http/studio/files.ts';
import { createStudio } from '../http/studio/server.ts';
import { freePorts } from '../sandbox/servers/ports.ts';
import { createDatabase } from './database.ts';
import { aStudioFolder } from './studio-folder.ts';

export const studioLog = pino({ level: 'silent' });

/** The studio by itself, on a templates folder and a database of its own. */
export async function startStudio() {
  const clock = new SetClock(instant(Date.parse('2026-03-02T08:00:00Z')));
  const [folder, { database, url: databaseUrl, drop }] = await Promise.all([
    aStudioFolder(),
    createDatabase(),
  ]);
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  let none: string | null = null;
  const server = await createStudio(
    {
      ...filesOf(folder.templates),
      live: async () => (none === null ? database : { none }),
      ...{ clock, publicUrl: url, visitorOf: null },
    },
    new SparingLog(studioLog),
  );
  await server.listen({ host: '127.0.0.1', port });
  return {
    ...{ clock, folder, database, databaseUrl, url, server },
    /** Has it do without a database, and why; null gives it back. */
    without: (why: string | null) => (none = why),
    /** A page, as whoever sits at this machine asks for it. */
    get: async (path: string, headers: Record<string, string> = {}) => {
      const asked = { url: path, headers: { host: 'localhost', ...headers } };
      const { statusCode: status, payload: text, headers: told } = await server.inject(asked);
      return { status, text, headers: told };
    },
    stop: async () => {
      await server.close();
      await drop();
      await folder.end();
    },
  };
}

export type StudioRun = Awaited<ReturnType<typeof startStudio>>;
