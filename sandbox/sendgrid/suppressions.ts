import type { Instant } from '../../domain/instant.ts';
import type { WebhookEvent } from './event.ts';
import { JsonLines } from './json-lines.ts';

/** The real service's lists, by their names in its API, and why it drops a mail to who is on one. */
export const dropReasons = {
  bounces: 'Bounced Address',
  spam_reports: 'Spam Reporting Address',
  unsubscribes: 'Unsubscribed Address',
  invalid_emails: 'Invalid',
} as const;

export type AccountList = keyof typeof dropReasons;
export const accountLists = Object.keys(dropReasons) as AccountList[];
/** A list of the account, or that of an unsubscribe group. */
export type ListName = AccountList | `group ${number}`;
export type DropReason = (typeof dropReasons)[AccountList];

export interface Suppressed {
  address: string;
  /** Since when it is on the list. */
  at: Instant;
  /** What the mail server said, for those that bounced. */
  reason: string;
  status: string;
}

type Line = { list: ListName; address: string } & (
  { isOn: true; suppressed: Suppressed } | { isOn: false }
);

/** Who the service itself no longer mails, in a file beside the outbox. */
export class Suppressions {
  readonly #lines: JsonLines<Line>;
  readonly #lists = new Map<ListName, Map<string, Suppressed>>();

  constructor(file: string) {
    this.#lines = new JsonLines(file, line => this.#remember(line));
  }

  /** Puts an address on a list; whoever is on it already stays as they are. */
  add(list: ListName, address: string, at: Instant, reason = '', status = ''): void {
    const key = address.toLowerCase();
    if (this.#lists.get(list)?.has(key) === true) return;
    const line = {
      list,
      address: key,
      isOn: true as const,
      suppressed: { address, at, reason, status },
    };
    this.#lines.append(line);
    this.#remember(line);
  }

  /** Puts the address of a bounce on its list, with what the mail server said. */
  addBounced({ email, reason, status }: WebhookEvent, at: Instant): void {
    this.add('bounces', email, at, String(reason), String(status));
  }

  /** Takes an address off a list. False when it was not on it. */
  remove(list: ListName, address: string): boolean {
    const key = address.toLowerCase();
    if (this.#lists.get(list)?.has(key) !== true) return false;
    const line = { list, address: key, isOn: false as const };
    this.#lines.append(line);
    this.#remember(line);
    return true;
  }

  /** Who is on a list, longest first. */
  on(list: ListName): Suppressed[] {
    return [...(this.#lists.get(list)?.values() ?? [])];
  }

  /** Why a mail to this address is dropped, or null when it is not. */
  reasonFor(address: string, group?: number): DropReason | null {
    return this.#find(address, group)?.reason ?? null;
  }

  /** Since when mails to this address are dropped, or null when they are not. */
  since(address: string, group?: number): Instant | null {
    return this.#find(address, group)?.at ?? null;
  }

  #find(address: string, group?: number): { reason: DropReason; at: Instant } | null {
    const key = address.toLowerCase();
    for (const list of accountLists) {
      const found = this.#lists.get(list)?.get(key);
      if (found !== undefined) return { reason: dropReasons[list], at: found.at };
    }
    const left = group === undefined ? undefined : this.#lists.get(`group ${group}`)?.get(key);
    return left === undefined ? null : { reason: dropReasons.unsubscribes, at: left.at };
  }

  #remember(line: Line): void {
    const list = this.#lists.get(line.list) ?? new Map<string, Suppressed>();
    this.#lists.set(line.list, list);
    if (line.isOn) list.set(line.address, line.suppressed);
    else list.delete(line.address);
  }
}
