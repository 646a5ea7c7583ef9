import type { Logger } from 'pino';
import type { Agreement } from '../domain/agreement/agreement.ts';
import type { AgreementId, VersionId } from '../domain/ids.ts';
import type { Engine } from '../engine/engine.ts';
import type { HookGateway } from '../hook/receiver.ts';
import type { MailGateway } from '../mail/gateway.ts';
import type { Links } from '../mail/links.ts';
import type { NoticeMail } from '../mail/notice-mail.ts';
import type { RepMail } from '../mail/rep-mail.ts';
import type { SigningMail } from '../mail/signing-mail.ts';
import { agreementById } from '../store/agreement.ts';
import type { Database } from '../store/database.ts';
import { versionById, type StoredVersion } from '../store/sequence-version.ts';

/** What activities act on: the database, Temporal, the mail provider. */
export type Outside = Pick<Context, 'database' | 'engine' | 'gateway'>;

/** Everything that activities work with. */
export interface Context {
  database: Database;
  engine: Engine;
  gateway: Pick<MailGateway, 'send'>;
  /** Null when nobody is told of transitions. */
  hooks: HookGateway | null;
  links: Links;
  repMail: RepMail;
  noticeMail: NoticeMail;
  signingMail: SigningMail;
  log: Logger;
  /** What a stored agreement says; loaded once, because it never changes. */
  agreement: (id: AgreementId) => Promise<Agreement>;
  /** A published version; loaded once, because it never changes. */
  version: (id: VersionId) => Promise<StoredVersion>;
}

export function createContext(parts: Omit<Context, 'agreement' | 'version'>): Context {
  const { database } = parts;
  return {
    ...parts,
    agreement: remembered(async (id: AgreementId) => (await agreementById(database, id)).agreement),
    version: remembered((id: VersionId) => versionById(database, id)),
  };
}

/** Remembers what a load came to; a failed one is tried again by the next caller. */
function remembered<Key, Value>(load: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const known = new Map<Key, Promise<Value>>();
  return key => {
    let value = known.get(key);
    if (value === undefined) {
      value = load(key);
      known.set(key, value);
      value.catch(() => known.delete(key));
    }
    return value;
  };
}
