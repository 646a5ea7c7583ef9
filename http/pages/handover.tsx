import { hasBoth, tellJoining, type Joining } from '../../domain/escalation/joining.ts';
import type { Talk } from '../../domain/escalation/talk.ts';
import { tellSaidBefore, type SaidBefore } from '../../domain/escalation/told.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LeadFields } from '../../domain/lead/fields.ts';

/** What a rep's page of a lead tells as their mail does. */

/** That the lead joins another of its account, with the way to that one's page where it is the same rep's. */
export function Joins(props: { lead: LeadFields; joins: Joining | null; link: string }): string {
  const { lead, joins, link } = props;
  if (joins === null) return '';
  return (
    <p class="notice">
      <span safe>{tellJoining(lead, joins)}</span>{' '}
      {hasBoth(joins) ? <a href={link}>Open the other</a> : ''}
    </p>
  ) as string;
}

/** What was said when the lead was with sales before; nothing when it never was. */
export function LastTime(props: {
  said: readonly SaidBefore[];
  at: Instant;
  zone: string;
}): string {
  if (props.said.length === 0) return '';
  return (
    <>
      <h2>The last time it was with sales</h2>
      <ul class="why">
        {props.said.map(said => (
          <li safe>{tellSaidBefore(said, props.at, props.zone)}</li>
        ))}
      </ul>
    </>
  ) as string;
}

/** What to talk about with leads of its segment, and what there is to show and to send. */
export function ToTalkAbout({ talk }: { talk: Talk | null }): string {
  if (talk === null) return '';
  return (
    <>
      <h2>To talk about</h2>
      <ul class="why">
        {talk.talking_points.map(point => (
          <li safe>{point}</li>
        ))}
      </ul>
      {talk.collateral.length === 0 ? (
        ''
      ) : (
        <>
          <p>To show and to send:</p>
          <ul class="why">
            {talk.collateral.map(({ title, url }) => (
              <li>
                <a href={url} safe>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  ) as string;
}
