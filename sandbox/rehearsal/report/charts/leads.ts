import * as Plot from '@observablehq/plot';
import type { Instant } from '../../../../domain/instant.ts';
import { finalGrade, standings, type LeadLine } from '../lead-lines.ts';
import { draw, momentOnAxis, type Drawn, type Width } from '../../../../charts/chart.ts';

/** Pixels. */
const row = 5;
const heading = 26;
const axis = 36;

interface Placed extends LeadLine {
  /** From the top, in pixels. */
  y: number;
}

/**
 * Each lead as a row over time, colored by its grade, grouped by its last grade; a dot is an escalation. A row is
 * a link to the lead's figures, and shows its address while it is pointed at or focused.
 * @param idOf what the figures of a lead have as their id
 */
export function leadsChart(
  lines: readonly LeadLine[],
  period: { from: Instant; to: Instant; zone: string },
  idOf: (lead: string) => string,
  width: Width,
): string {
  const { placed, headings, height } = place(lines);
  const on = (at: Instant) => momentOnAxis(at, period.zone);
  const [begin, end] = [on(period.from), on(period.to)];
  const steps = placed.flatMap(({ y, steps }) => steps.map(step => ({ y, ...step })));
  const dots = placed.flatMap(({ y, escalations }) => escalations.map(at => ({ y, at })));
  const y1 = ({ y }: { y: number }) => y;
  const y2 = ({ y }: { y: number }) => y + row;
  const middle = ({ y }: { y: number }) => y + row / 2;
  return draw(
    {
      width,
      height: height + 2 * axis,
      ...{ marginTop: axis, marginBottom: axis, marginLeft: 8, marginRight: 8 },
      ariaLabel: 'Each lead over time, colored by its grade',
      x: { type: 'utc', label: null, domain: [begin, end] },
      y: { type: 'linear', domain: [0, height], reverse: true, axis: null },
      marks: [
        Plot.axisX({ anchor: 'top', label: null }),
        Plot.axisX({ anchor: 'bottom', label: null }),
        Plot.rect(steps, {
          ...{ x1: step => on((step as Placed['steps'][number]).from) },
          ...{ x2: step => on((step as Placed['steps'][number]).to) },
          ...{ y1, y2, inset: 0.5, insetLeft: 0, insetRight: 0 },
          fill: ({ grade }: (typeof steps)[number]) => `var(--grade-${grade})`,
        }),
        Plot.dot(dots, {
          x: ({ at }: (typeof dots)[number]) => on(at),
          y: middle,
          ...{ r: 3, fill: 'var(--escalation)', stroke: 'var(--paper)', strokeWidth: 1 },
        }),
        Plot.text(headings, {
          ...{ x: begin, y: 'y', text: 'text', textAnchor: 'start', fontWeight: 700, dy: -9 },
        }),
        Plot.rect(placed, {
          ...{ x1: begin, x2: end, y1, y2, fill: 'transparent' },
          href: ({ lead }: Placed) => `#${idOf(lead)}`,
          title: inWords,
        }),
        Plot.text(placed, {
          ...{ x: begin, y: middle, text: 'lead', textAnchor: 'start', dx: 6 },
          ...{ fill: 'currentColor', className: 'address' },
        }),
      ],
    },
    addressesIntoLinks,
  );
}

function place(lines: readonly LeadLine[]) {
  const placed: Placed[] = [];
  const headings: { y: number; text: string }[] = [];
  let y = 0;
  for (const grade of standings) {
    const group = lines.filter(line => finalGrade(line) === grade);
    if (group.length === 0) continue;
    y += heading;
    const name = grade === 'ungraded' ? 'Not graded' : grade;
    headings.push({ y, text: `${name} at the end: ${group.length}` });
    for (const line of group) {
      placed.push({ ...line, y });
      y += row;
    }
  }
  return { placed, headings, height: y };
}

function inWords(line: LeadLine): string {
  const { lead, steps, mails, clicks, escalations } = line;
  const way = steps.map(({ grade }) => grade).join(' → ');
  return `${lead}: ${way}; mails ${mails}, clicks ${clicks}, escalations ${escalations.length}`;
}

/** A row's address stands in its link, so that a style can show it with the link's focus and without a script. */
function addressesIntoLinks(svg: Drawn): void {
  svg.setAttribute('role', 'group');
  const addresses = [...svg.querySelectorAll('.address text')];
  for (const [index, link] of [...svg.querySelectorAll('a')].entries()) {
    link.setAttribute('aria-label', link.textContent);
    const address = addresses[index];
    if (address !== undefined) link.append(address);
  }
}
