import * as Plot from '@observablehq/plot';
import { DOMParser } from 'linkedom';
import { DateTime } from 'luxon';
import type { Instant } from '../domain/instant.ts';

/** Pixels: a chart is drawn for a desk and for a phone, so that its text is as large on both. */
export const widths = { wide: 900, narrow: 340 } as const;
export type Width = (typeof widths)[keyof typeof widths];

/** As much of an element as is touched here: the house has no types of a browser. */
export interface Drawn {
  outerHTML: string;
  textContent: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelectorAll(selector: string): Iterable<Drawn>;
  append(child: Drawn): void;
}

/**
 * Draws a chart as SVG markup, safe to be put into a page. It is drawn in an XML document, in which every text
 * and every attribute is escaped, whatever leads call themselves.
 */
export function draw(
  options: Plot.PlotOptions & { ariaLabel: string; width: Width },
  change: (svg: Drawn) => void = svg => svg.setAttribute('role', 'img'),
): string {
  const document = new DOMParser().parseFromString('<svg/>', 'image/svg+xml');
  const svg = Plot.plot({
    className: 'chart',
    style: { fontSize: '12px' },
    ...options,
    document,
  }) as Drawn;
  // Names of groups, which have no role to bear one.
  for (const group of svg.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label');
  change(svg);
  return svg.outerHTML;
}

/** The beginning of a day as the time axis takes it, which knows UTC alone. */
export function onAxis(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

/** A moment as the time axis takes it, so that it stands where the zone's clock shows it. */
export function momentOnAxis(at: Instant, zone: string): Date {
  return DateTime.fromMillis(at, { zone }).setZone('utc', { keepLocalTime: true }).toJSDate();
}
