import { z } from 'zod';
import { suggestion } from '../document/nearest.ts';
import type { Problem } from '../document/problem.ts';
import { readDocument, type ReadDocument } from '../document/read.ts';

/** What `for:` says of leads of every segment that has no file of its own. */
const everyone = 'everyone';

/** A text of one line, as a mail and a page have room for it. */
const line = (most: number, what: string) =>
  z
    .string()
    .trim()
    .min(1, `${what} says something`)
    .max(most, `${what} has ${most} characters at most`)
    .regex(/^\P{Cc}*$/u, `${what} is one line`);

const linkSchema = z
  .string()
  .max(500, 'a link has 500 characters at most')
  .refine(
    isWebPage,
    'a link to collateral begins with https://, such as "https://www.example.com/prices"',
  );

/** A page of the web, without a password in its address. */
function isWebPage(text: string): boolean {
  if (!/^https:\/\/[^\s\p{Cc}]+$/u.test(text) || !URL.canParse(text)) return false;
  const { username, password, hostname } = new URL(text);
  return username === '' && password === '' && hostname.includes('.');
}

const talkSchema = z.strictObject({
  /** The name of a segment, or `everyone`. */
  for: line(60, 'the name of a segment'),
  talking_points: z
    .array(line(240, 'a talking point'))
    .min(1, 'say at least one thing to talk about')
    .max(6, 'nobody remembers more than 6 talking points'),
  collateral: z
    .array(z.strictObject({ title: line(80, 'a title'), url: linkSchema }))
    .max(6, 'nobody looks through more than 6 links')
    .default([]),
});

/** What a rep may talk about with leads of a segment, and what there is to show and to send them. */
export type Talk = z.output<typeof talkSchema>;

/** Reads a file of `templates/sales/`. @throws DocumentError */
export function readTalk(file: string, text: string): ReadDocument<Talk> {
  return readDocument(file, text, talkSchema);
}

/**
 * What to talk about with a lead of a segment; of one that nobody wrote for, what is there for everyone.
 * @param segment null of a lead that was in none
 */
export function talkFor(talks: readonly Talk[], segment: string | null): Talk | null {
  return (
    talks.find(talk => talk.for === segment) ?? talks.find(talk => talk.for === everyone) ?? null
  );
}

/** What is wrong with a file that is for a segment which there is not; null when there is. */
export function strangerTo(
  segments: readonly string[],
  { value, problem }: ReadDocument<Talk>,
): Problem | null {
  if (value.for === everyone || segments.includes(value.for)) return null;
  const known = [...segments, everyone];
  const message = `there is no segment "${value.for}", so no rep ever sees this.${suggestion(value.for, known)}`;
  return problem(['for'], message);
}
