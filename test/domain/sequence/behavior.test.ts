import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAssumptions } from '../../../domain/sequence/simulate/assumptions.ts';
import { behaviorOf, type Measured } from '../../../domain/sequence/simulate/behavior.ts';
import { chanceInWords } from '../../../domain/sequence/simulate/in-words.ts';
import { mail } from '../nurture/enrolled.ts';

const assumptions = readAssumptions(
  'assumptions.yaml',
  readFileSync('templates/assumptions.yaml', 'utf8'),
);

describe('what leads are taken to do', () => {
  const plan = [mail('first'), mail('second')];
  const row = (name: string, delivered: number, click: number) => ({
    ...{ mail: name, variant: null, sent: delivered + 1, delivered },
    reactions: { bounce: 1, click, reply: 0, unsubscribe: 2, complaint: 0 },
  });
  const none = { count: 0, quantiles: [] };
  const measured: Measured = {
    mails: [row('first', 811, 41), row('second', 60, 9)],
    delays: {
      ...{ bounce: none, reply: none, unsubscribe: none, complaint: none },
      click: { count: 50, quantiles: [1_000, 2_000, 9_000] },
    },
    own: { weeks: 1_000, deeds: [{ kind: 'page', subject: '/', count: 50 }] },
  };

  it('is what was measured where there is enough of it, else what all mails came to, else assumed', () => {
    const { mails, delays, own } = behaviorOf(plan, assumptions, measured);
    const told = (name: string) => mails[name] && chanceInWords(mails[name].click);
    expect(told('first')).toBe('measured: 41 of 811 (5.1 %)');
    expect(told('second')).toBe('measured: 50 of 871 (5.7 %), all mails of the sequence');
    expect(mails.first?.bounce.basis).toMatchObject({ count: 1, of: 812 });
    expect(delays.click.quantiles).toEqual([1_000, 2_000, 9_000]);
    expect(delays.reply.basis).toEqual({ kind: 'assumed' });
    expect(own.deeds).toEqual([{ kind: 'page', subject: '/', perWeek: 0.05 }]);
    const unknown = behaviorOf(plan, assumptions, null);
    expect(unknown.mails.first && chanceInWords(unknown.mails.first.click)).toBe('assumed 2.9 %');
  });

  it.each([
    ['chance: 2.9 %', 'chance: 290 %', /a chance is written like "40 %"/],
    ['1 minute, 30 minutes', '30 minutes, 1 minute', /how long it takes is five rising times/],
    ['share: 20 %', 'share: 0 %', /a share of the leads is above 0 %/],
    ['does: 80 %', 'does: 8 %', /the lively do at least their share/],
    ['does: form', 'does: frm', /booked|form/],
  ])('is refused where "%s" reads "%s"', (right, wrong, message) => {
    const text = readFileSync('templates/assumptions.yaml', 'utf8').replace(right, wrong);
    expect(() => readAssumptions('assumptions.yaml', text)).toThrow(message);
    expect(() => readAssumptions('assumptions.yaml', text)).toThrow(/^assumptions\.yaml:\d+:\d+: /);
  });
});
