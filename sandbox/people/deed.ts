import type { Instant } from '../../domain/instant.ts';
import type { Reader } from '../sendgrid/reader.ts';

/** What a person can reach: what mail programs do with mails, the site, and pages by their links. */
export interface World {
  reader: Reader;
  /** The site tells what a visitor did, through the events API. */
  visit: (address: string, type: 'page' | 'form' | 'download', name: string) => Promise<void>;
  /** A page of Lockstep, by the link of a mail. */
  open: (url: string) => Promise<string>;
  /** A form of such a page. */
  submit: (url: string, fields: Readonly<Record<string, string>>) => Promise<void>;
}

/** Something a person is going to do, and what it leads to. */
export interface Deed {
  at: Instant;
  /** Whose it is; of two at one moment the person's address decides, then the order in which they were made. */
  who: string;
  what: string;
  /** Nobody does anything because of it: neither a workflow nor a person. */
  isQuiet: boolean;
  act: (world: World) => Promise<Deed[]>;
}
