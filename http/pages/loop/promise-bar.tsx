import type { PromiseKept } from '../../../domain/review/loop.ts';
import { shareInWords } from '../../../domain/review/share-text.ts';

/** The chart's own units: it is drawn as wide as there is room, and stretched. */
const width = 1_000;
const height = 24;

/** What was kept, in words: `36 of 60: 60 % (47–72)`, or how many; a dash where nothing was due. */
export function keptInWords({ share, count }: PromiseKept): string {
  return share === null ? (count ?? 0).toLocaleString('en') : shareInWords(share);
}

/** What was agreed, in words: `60 %`, or how many; null where nothing was. */
export function agreedInWords({ share, target }: PromiseKept): string | null {
  if (target === null) return null;
  return share === null ? target.toLocaleString('en') : `${target} %`;
}

/**
 * How a promise was kept: a bar for the share, a line across its end for the 95 % interval, an upright mark for what was
 * agreed. A number is drawn beside the number that was agreed. The words beside it say the same.
 */
export function PromiseBar({ promise }: { promise: PromiseKept }): string {
  const { share, count, target } = promise;
  const most = share === null ? Math.max(count ?? 0, target ?? 0, 1) : 100;
  const x = (value: number) => (value / most) * width;
  const value = share === null ? (count ?? 0) : (share.rate ?? 0) * 100;
  const agreed = agreedInWords(promise);
  const words = `${keptInWords(promise)}${agreed === null ? '' : `, agreed ${agreed}`}`;
  return (
    <svg
      class="promise-bar"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      <rect class="room" width={width} height={height} />
      <rect class="kept" width={x(value)} height={height} />
      {share?.low == null || share.high == null ? (
        ''
      ) : (
        <path
          class="interval"
          d={`M${x(share.low * 100)} 7v10M${x(share.low * 100)} 12H${x(share.high * 100)}M${x(share.high * 100)} 7v10`}
        />
      )}
      {target === null ? '' : <path class="agreed" d={`M${x(target)} 0v${height}`} />}
    </svg>
  ) as string;
}
