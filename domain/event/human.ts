import type { SendId } from '../ids.ts';
import { second, type Instant } from '../instant.ts';
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

/** A mail's clicks, and when it was delivered. */
interface Visited {
  clicks: Engagement[];
  delivered: Instant[];
}

const nobody: ReadonlySet<Engagement> = new Set();

/**
 * The clicks among `events` that no person made. They are kept and shown, and are worth nothing.
 * The result depends on the set of events alone, not on the order in which they arrived.
 */
export function scannerClicks(events: readonly Engagement[]): ReadonlySet<Engagement> {
  if (!events.some(({ kind }) => kind === 'click')) return nobody;
  const bySend = new Map<SendId | null, Visited>();
  for (const event of events) {
    if (event.kind !== 'click' && event.kind !== 'delivered') continue;
    let visited = bySend.get(event.sendId);
    if (visited === undefined) {
      visited = { clicks: [], delivered: [] };
      bySend.set(event.sendId, visited);
    }
    if (event.kind === 'click') visited.clicks.push(event);
    else visited.delivered.push(event.at);
  }
  const found = new Set<Engagement>();
  for (const { clicks, delivered } of bySend.values()) {
    const suspects = clicks.filter(
      click => (click.subject !== null && isHoneypot(click.subject)) || beginsBurst(click, clicks),
    );
    for (const click of clicks)
      if (
        suspects.some(suspect => Math.abs(suspect.at - click.at) <= visitMs) ||
        delivered.some(moment => click.at >= moment && click.at - moment < tooSoonMs) ||
        (click.userAgent !== null && isScanner(click.userAgent))
      )
        found.add(click);
  }
  return found;
}

/** What browsers were found to be: there are few of them, and looking takes as long as all the rest. */
const judged = new Map<string, boolean>();
const mostJudged = 1_000;

function isScanner(userAgent: string): boolean {
  let verdict = judged.get(userAgent);
  if (verdict === undefined) {
    verdict = scanners.test(userAgent);
    if (judged.size >= mostJudged) judged.clear();
    judged.set(userAgent, verdict);
  }
  return verdict;
}

function isHoneypot(link: string): boolean {
  return link.includes(honeypotPath);
}

function beginsBurst(click: Engagement, clicks: readonly Engagement[]): boolean {
  if (clicks.length < burstLinks) return false;
  const near = clicks.filter(({ at }) => at >= click.at && at - click.at <= burstMs);
  return near.length >= burstLinks && new Set(near.map(link => link.subject)).size >= burstLinks;
}
