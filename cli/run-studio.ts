import { environment, isProduction, readConfig } from '../config.ts';
import { realClock } from '../engine/clock.ts';
import type { StudioContext } from '../http/studio/context.ts';
import { filesOf } from '../http/studio/files.ts';
import { createStudio } from '../http/studio/server.ts';
import { SparingLog } from '../http/sparing-log.ts';
import { createLog } from '../log.ts';
import { freePorts, isPortFree, PortBusyError } from '../sandbox/servers/ports.ts';
import { environmentOfRunning, WorkspaceError } from '../sandbox/workspace.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { home } from './open.ts';

/** This machine, and no other. */
const host = '127.0.0.1';
/** A page is rather shown without figures than late, in milliseconds. */
const patience = { connectionMs: 3_000, answerMs: 10_000 };

export interface Studio {
  address: string;
  stop: () => Promise<void>;
}

/**
 * Runs the studio by itself, with live numbers while the workspace is running.
 * @param wanted the port; 0 for any that is free
 * @throws PortBusyError
 */
export async function runStudio(
  templates: string,
  workspace: string,
  wanted: number,
): Promise<Studio> {
  const [port = wanted] = wanted === 0 ? await freePorts(1) : [];
  if (!(await isPortFree(port))) throw new PortBusyError(port, 'studio', '--port');
  const publicUrl = `http://localhost:${port}`;
  const { live, close } = liveOf(workspace);
  const context: StudioContext = {
    ...filesOf(templates),
    ...{ live, publicUrl, clock: realClock, visitorOf: null },
  };
  const server = await createStudio(
    context,
    new SparingLog(createLog('studio', { logLevel: 'warn' })),
  );
  await server.listen({ host, port });
  return {
    address: `${publicUrl}/studio`,
    stop: async () => {
      await server.close();
      await close();
    },
  };
}

/** The database of whatever runs now: a workspace may be started and stopped while the studio is open. */
function liveOf(workspace: string): Pick<StudioContext, 'live'> & { close: () => Promise<void> } {
  let open: { url: string; database: Database } | null = null;
  const close = async () => {
    const closing = open;
    open = null;
    await closing?.database.close();
  };
  return {
    close,
    live: async () => {
      const url = await databaseUrl(workspace);
      if (url === null) {
        await close();
        return { none: notRunning(workspace) };
      }
      if (open?.url !== url) {
        await close();
        open = { url, database: openDatabase(url, 4, patience) };
      }
      return open.database;
    },
  };
}

async function databaseUrl(workspace: string): Promise<string | null> {
  if (isProduction()) return readConfig(environment()).databaseUrl;
  try {
    return readConfig(await environmentOfRunning(home(), workspace)).databaseUrl;
  } catch (error) {
    if (error instanceof WorkspaceError) return null;
    throw error;
  }
}

function notRunning(workspace: string): string {
  const start = workspace === 'sample' ? 'npm start' : `npm start -- --workspace ${workspace}`;
  return `the workspace "${workspace}" is not running; start it with "${start}"`;
}
