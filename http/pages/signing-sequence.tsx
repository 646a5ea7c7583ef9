import { DateTime } from 'luxon';
import type { Instant } from '../../domain/instant.ts';
import type { Beside } from '../../mail/beside.ts';
import type { Signer } from '../../store/approval.ts';
import type { ProposalState } from '../../store/proposal.ts';
import { Page } from './layout.tsx';
import { MailsBeside } from './mails-beside.tsx';
import { DifferenceView } from './sequence-diff.tsx';

export interface SigningSequenceProps {
  proposal: ProposalState;
  /** The mails that look different. */
  mails: readonly Beside[];
  signer: Signer;
  action: string;
  /** Why the last signature was not taken, in a sentence. */
  notice: string | null;
}

/** A version of a sequence that waits for sales: what it does differently, its mails, and the button to sign. */
export function SigningSequencePage(props: SigningSequenceProps): string {
  const { proposal, mails, signer, action, notice } = props;
  const { version, live, difference, contentHash, state, signature } = proposal;
  const title = `Version ${version.version} of ${version.name}`;
  return (
    <Page title={title}>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <h1 safe>{title}</h1>
      <p class="lede" safe>
        {standingOf(proposal)}
      </p>
      <dl class="facts">
        <div>
          <dt>Proposed</dt>
          <dd safe>{[proposal.by, utc(proposal.at)].filter(Boolean).join(', ')}</dd>
        </div>
        <div>
          <dt>Signed for sales</dt>
          <dd safe>
            {signature === null ? 'not yet' : `${signature.person.name}, ${utc(signature.at)}`}
          </dd>
        </div>
        <div>
          <dt>Its goal</dt>
          <dd safe>{version.content.goal}</dd>
        </div>
      </dl>
      {state === 'open' ? (
        <form method="post" action={action}>
          <input type="hidden" name="hash" value={contentHash} />
          <button type="submit" safe>{`Sign for sales as ${signer.name}`}</button>
        </form>
      ) : (
        ''
      )}
      {live === null ? (
        <>
          <h2>The mails</h2>
          <MailsBeside mails={mails} before="before" after={`version ${version.version}`} />
        </>
      ) : state === 'open' ? (
        <DifferenceView
          before={`version ${live.version}, which is live`}
          after={`version ${version.version}`}
          difference={difference}
          mails={mails}
        />
      ) : (
        ''
      )}
      <p
        class="quiet fingerprint"
        safe
      >{`Signatures are given under exactly this content: SHA-256 ${contentHash}`}</p>
    </Page>
  ) as string;
}

function standingOf({ state, live }: ProposalState): string {
  switch (state) {
    case 'open':
      return live === null
        ? 'It is new, and goes live when one of sales has signed it.'
        : `It goes live when one of sales has signed it; until then version ${live.version} is live. Who is under way keeps theirs.`;
    case 'signed':
      return 'It is signed. It went live with that.';
    case 'withdrawn':
      return 'Another version took its place; this one can no longer be signed.';
    default:
      return state satisfies never;
  }
}

function utc(at: Instant): string {
  return DateTime.fromMillis(at, { zone: 'utc' }).toFormat("d LLL yyyy, HH:mm 'UTC'");
}
