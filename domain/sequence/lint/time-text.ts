import { day, hour, minute } from '../../instant.ts';

/** A duration as people write it: `4 days`, `90 minutes`. */
export function timeText(ms: number): string {
  const [size, word] =
    ms % day === 0 ? [day, 'day'] : ms % hour === 0 ? [hour, 'hour'] : [minute, 'minute'];
  const count = Math.round(ms / size);
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
