import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposalsOf, type Answered, type Lever } from '../../../domain/review/proposals.ts';
import { theAgreement } from '../facts.ts';

const agreement = theAgreement();
const reasons = Object.keys(agreement.rejections);

/** So many leads with a value were answered, so many of them rejected for a reason. */
function rows(lever: Lever, value: string | null, of: number, rejected: number, reason: string) {
  const count = (said: string | null, many: number): Answered[] =>
    many === 0 ? [] : [{ lever, value, reason: said, count: many }];
  return [...count(null, of - rejected), ...count(reason, rejected)];
}

const texts = (answered: Answered[], by = agreement) =>
  proposalsOf(answered, by).map(({ text }) => text);

describe('what the reasons of rejections point at', () => {
  it('is a source of which more are the wrong target than of the others, with its numbers', () => {
    const answered = [
      ...rows('source', 'webinar', 14, 6, 'wrong target'),
      ...rows('source', 'fair', 30, 3, 'wrong target'),
      ...rows('source', null, 20, 1, 'wrong target'),
    ];
    expect(proposalsOf(answered, agreement)).toMatchObject([
      {
        ...{ reason: 'wrong target', about: 'targeting', lever: 'source', value: 'webinar' },
        share: { count: 6, of: 14 },
        others: { count: 4, of: 50 },
      },
    ]);
    expect(texts(answered)).toEqual([
      'Of 14 leads answered from the source "webinar", 6 were "wrong target" (43 %, 21 to 67 %); of 50 others 8 %. Look at whom this source brings.',
    ]);
  });

  it('is, by what follows from each reason, what that can be about', () => {
    const everywhere = (reason: string) =>
      (['title', 'segment', 'source', 'sequence'] as const).flatMap(lever => [
        ...rows(lever, lever === 'title' ? '20' : 'one', 12, 9, reason),
        ...rows(lever, lever === 'title' ? '100' : 'another', 40, 2, reason),
      ]);
    const named = (reason: string) =>
      proposalsOf(everywhere(reason), agreement).map(({ about, lever }) => [about, lever]);
    const about = (what: string, ...levers: Lever[]) => levers.map(lever => [what, lever]);
    const sorted = (found: string[][]) => found.toSorted((a, b) => (a.join() < b.join() ? -1 : 1));
    expect(sorted(named('wrong target'))).toEqual(about('targeting', 'segment', 'source', 'title'));
    expect(sorted(named('no compelling need'))).toEqual(about('message', 'segment', 'sequence'));
    expect(sorted(named('not now'))).toEqual(about('timing', 'segment', 'sequence', 'source'));
    for (const reason of ['unreachable', 'bad data', 'duplicate', 'competitor'])
      expect(named(reason), reason).toEqual(about('data', 'source'));
    // What no reason of the agreement is says nothing; what it is called makes no difference.
    expect(named('a reason of before')).toEqual([]);
    const says = (rule: object) => ({
      ...agreement,
      rejections: { nope: { suppress: false, disqualify: false, restart: false, ...rule } },
    });
    expect(proposalsOf(everywhere('nope'), says({ asks: 'colleague' }))).toHaveLength(3);
    expect(proposalsOf(everywhere('nope'), says({ hold: 'until fit changes' }))).toHaveLength(3);
    expect(proposalsOf(everywhere('nope'), says({ track: 'stay-in-touch' }))).toEqual([]);
  });

  it('names titles by what the agreement gives them, also where it has other words by now', () => {
    const of = (value: string) => [
      ...rows('title', value, 20, 10, 'wrong target'),
      ...rows('title', '100', 60, 2, 'wrong target'),
    ];
    expect(texts(of('20'))[0]).toContain(
      'Of 20 leads answered whose title gives 20 of 100 ("* manager", "* engineer"), 10 were',
    );
    expect(texts(of('60'))[0]).toContain('60 of 100 ("* director", "director *", "* lead", …), 10');
    expect(texts(of('35'))[0]).toContain('whose title gives 35 of 100, 10 were');
    expect(texts(of('missing'))[0]).toContain('Of 20 leads answered without a title, 10 were');
  });

  it('is nothing where all are alike, where few were answered, or where there are no others', () => {
    const alike = ['a', 'b', 'c'].flatMap(value => rows('source', value, 40, 10, 'bad data'));
    expect(texts(alike)).toEqual([]);
    const few = [
      ...rows('source', 'a', 7, 7, 'bad data'),
      ...rows('source', 'b', 400, 4, 'bad data'),
    ];
    expect(texts(few)).toEqual([]);
    expect(texts(rows('source', 'a', 50, 40, 'bad data'))).toEqual([]);
    // One of eight beside none of eight is no difference yet.
    const one = [
      ...rows('source', 'a', 8, 1, 'bad data'),
      ...rows('source', 'b', 8, 0, 'bad data'),
    ];
    expect(texts(one)).toEqual([]);
    expect(texts([])).toEqual([]);
  });

  it('is ten things at most, the strongest first', () => {
    const answered = Array.from({ length: 15 }, (_, n) =>
      rows('source', `source ${n}`, 30, 10 + n, 'bad data'),
    ).flat();
    const calm = rows('source', null, 3_000, 60, 'bad data');
    const found = proposalsOf([...answered, ...calm], agreement);
    expect(found.map(({ value }) => value)).toEqual(
      Array.from({ length: 10 }, (_, n) => `source ${14 - n}`),
    );
  });

  it('never is a value of which no greater share was rejected than of the others, or too few', () => {
    const some = fc.array(
      fc.record({
        lever: fc.constantFrom<Lever>('title', 'segment', 'source', 'sequence'),
        value: fc.constantFrom('a', 'b', 'c', null),
        reason: fc.constantFrom(...reasons, null),
        count: fc.nat(40),
      }),
      { maxLength: 60 },
    );
    let named = 0;
    fc.assert(
      fc.property(some, answered => {
        const found = proposalsOf(answered, agreement);
        named += found.length;
        expect(found.length).toBeLessThanOrEqual(10);
        for (const { reason, lever, value, share, others } of found) {
          const sum = (keep: (row: Answered) => boolean) =>
            answered
              .filter(row => row.lever === lever && keep(row))
              .reduce((total, { count }) => total + count, 0);
          const of = sum(row => row.value === value);
          const rejected = sum(row => row.value === value && row.reason === reason);
          const ofOthers = sum(row => row.value !== value);
          const othersRejected = sum(row => row.value !== value && row.reason === reason);
          expect([share.count, share.of, others.count, others.of]).toEqual([
            rejected,
            of,
            othersRejected,
            ofOthers,
          ]);
          expect(of).toBeGreaterThanOrEqual(8);
          expect(rejected * ofOthers).toBeGreaterThan(othersRejected * of);
          expect(share.low).toBeGreaterThan(others.rate ?? 1);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(named).toBeGreaterThan(100);
  });
});
