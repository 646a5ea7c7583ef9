import { describe, expect, it } from 'vitest';
import { second } from '../../../domain/instant.ts';
import { runChaos } from './chaos.ts';

const seed = 5;

describe('in chaos', () => {
  it('it mails nothing twice and loses nothing (P1, P2, P3, P6, P7, P10)', async () => {
    const said: string[] = [];
    const outcome = await runChaos(seed, 25 * second, line => said.push(line));
    expect(outcome.wrong, [`npm run chaos -- --seed ${seed}`, ...said].join('\n')).toEqual([]);
    expect(outcome.kills).toBeGreaterThan(0);
    expect(outcome.terminated + outcome.reset).toBeGreaterThan(0);
    expect(outcome.mails).toBeGreaterThan(50);
    expect(outcome.escalations).toBeGreaterThan(0);
  }, 600_000);
});
