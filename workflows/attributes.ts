import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

const keyword = SearchAttributeType.KEYWORD;

/**
 * What ops can search for in the Temporal UI. Only what changes seldom is here, because each change
 * is a paid action; and nothing personal, because none of it is encrypted. `Rep` is a person's id.
 */
export const attributes = {
  lead: defineSearchAttributeKey('LeadId', keyword),
  grade: defineSearchAttributeKey('Grade', keyword),
  stage: defineSearchAttributeKey('Stage', keyword),
  sequence: defineSearchAttributeKey('Sequence', keyword),
  segment: defineSearchAttributeKey('Segment', keyword),
  rep: defineSearchAttributeKey('Rep', keyword),
  outcome: defineSearchAttributeKey('Outcome', keyword),
} as const;

export type Attribute = keyof typeof attributes;
