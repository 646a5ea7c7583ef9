import type { PropsWithChildren } from '@kitajs/html';
import { widths, type Width } from './chart.ts';

export interface FigureProps {
  title: string;
  /** What the colors mean: words by the name of the color. */
  legend: readonly (readonly [color: string, words: string])[];
  draw: (width: Width) => string;
  /** What comes after a chart with many links, by its id. */
  skipTo?: string;
}

/** A chart under its heading, for a desk and for a phone; what stands in it is its caption. */
export function Figure({
  title,
  legend,
  draw,
  skipTo,
  children,
}: PropsWithChildren<FigureProps>): string {
  const safeWide = draw(widths.wide);
  const safeNarrow = draw(widths.narrow);
  return (
    <>
      <h2 safe>{title}</h2>
      <figure>
        <ul class="legend">
          {legend.map(([color, words]) => (
            <li>
              <i style={`--color: var(--${color})`}></i>
              <span safe>{words}</span>
            </li>
          ))}
        </ul>
        {skipTo === undefined ? (
          ''
        ) : (
          <a class="skip" href={`#${skipTo}`}>
            Skip this picture
          </a>
        )}
        <div class="wide">{safeWide}</div>
        <div class="narrow">{safeNarrow}</div>
        <figcaption class="quiet">{children}</figcaption>
      </figure>
    </>
  ) as string;
}
