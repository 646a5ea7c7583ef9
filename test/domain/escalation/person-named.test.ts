import { describe, expect, it } from 'vitest';
import { personNamed } from '../../../domain/escalation/person-named.ts';

const people = [
  { key: 'lena', name: 'Lena Vogt', address: 'lena@x.example' },
  { key: 'daan', name: 'Daan de Wit', address: 'daan@x.example' },
  { key: 'magda', name: 'Magdaléna Nováková', address: 'magda@x.example' },
];

describe('who is meant', () => {
  it.each([
    ['lena', 'lena'],
    ['LENA', 'lena'],
    ['Daan@X.example', 'daan'],
    ['de wit', 'daan'],
    ['novakova', 'magda'],
  ])('by "%s" is %s', (word, key) => {
    expect(personNamed(word, people)).toMatchObject({ person: { key } });
  });

  it.each([
    ['len', '"len" is a part of 2 names: say which by its key, lena (Lena Vogt), magda'],
    ['lene', 'There is nobody called "lene". Did you mean "lena"?'],
    ['Vohgt', 'Did you mean "Vogt"?'],
    ['dan@x.example', 'Did you mean "daan@x.example"?'],
    ['zebediah', 'There is nobody called "zebediah". Known: lena, daan, magda.'],
    ['', 'There is nobody called "".'],
  ])('by "%s" is not known', (word, problem) => {
    expect(personNamed(word, people)).toEqual({
      problem: expect.stringContaining(problem) as string,
    });
  });
});
