import type { SendId } from '../ids.ts';
import { second } from '../instant.ts';
import type { Engagement } from './event.ts';

/** Clicks on this many different links of one mail within `burstMs` are no person. */
const burstLinks = 3;
const burstMs = 2 * second;
/** Nobody reads a mail this soon after it was delivered. */
const tooSoonMs = 3 * second;

/**
 * A scanner visits a mail once, in one go. Only the clicks this near to a burst or to the honeypot
 * are the scanner's: the person who opens the mail an hour later is not punished for it.
 */
const visitMs = 10 * second;

/** Link checkers of mail gateways that say who they are, and clients that are no browser. */
const scanners =
  /barracuda|proofpoint|mimecast|safelinks|symantec|forcepoint|trend ?micro|fireeye|cloudmark|zscaler|bot\b|crawler|spider|scanner|preview|python-requests|python-urllib|curl\/|wget\/|go-http-client|okhttp|java\/|headlesschrome|phantomjs/i;

/** The link that no person sees: only a machine that follows every link follows it. */
const honeypotPath = '/l/p';

/**
 * The clicks among `events` that no person made. They are kept and shown, and are worth nothing.
 * The result depends on the set of events alone, not on the order in which they arrived.
 */
export function scannerClicks(events: readonly Engagement[]): ReadonlySet<Engagement> {
  const bySend = new Map<SendId | null, Engagement[]>();
  for (const event of events) {
    if (event.kind !== 'click' && event.kind !== 'delivered') continue;
    const group = bySend.get(event.sendId);
    if (group === undefined) bySend.set(event.sendId, [event]);
    else group.push(event);
  }
  return new Set(
    [...bySend.values()].flatMap(group => {
      const clicks = group.filter(({ kind }) => kind === 'click');
      const delivered = group.filter(({ kind }) => kind === 'delivered').map(({ at }) => at);
      const suspects = clicks.filter(
        click =>
          (click.subject !== null && isHoneypot(click.subject)) || beginsBurst(click, clicks),
      );
      return clicks.filter(
        click =>
          suspects.some(suspect => Math.abs(suspect.at - click.at) <= visitMs) ||
          (click.userAgent !== null && scanners.test(click.userAgent)) ||
          delivered.some(moment => click.at >= moment && click.at - moment < tooSoonMs),
      );
    }),
  );
}

function isHoneypot(link: string): boolean {
  return link.includes(honeypotPath);
}

function beginsBurst(click: Engagement, clicks: readonly Engagement[]): boolean {
  const links = new Set<string | null>();
  for (const other of clicks)
    if (other.at >= click.at && other.at - click.at <= burstMs) links.add(other.subject);
  return links.size >= burstLinks;
}
