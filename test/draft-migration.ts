// Prints the SQL from the schema of the last commit to the schema in the working tree, for a new
// folder under prisma/migrations: `npm run migration:draft > prisma/migrations/<time>_<name>/migration.sql`.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../sandbox/servers/ports.ts';
import { postgresUrl, startPostgres } from '../sandbox/servers/postgres.ts';
import { removeOwnedFolder } from '../sandbox/servers/unprivileged.ts';
import { draftMigration } from '../store/schema-engine.ts';

function committed(): string | null {
  try {
    return execFileSync('git', ['show', 'HEAD:prisma/schema.prisma'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return null;
  }
}

const folder = await mkdtemp(join(tmpdir(), 'lockstep-draft-'));
const [port = 0] = await freePorts(1);
const options = { folder, port, password: 'draft', throwAway: true };
const server = await startPostgres(options);
try {
  const schema = await readFile('prisma/schema.prisma', 'utf8');
  process.stdout.write(await draftMigration(postgresUrl(options), committed(), schema));
} finally {
  await server.stop();
  await removeOwnedFolder(join(folder, 'postgres'));
  await removeOwnedFolder(folder);
}
