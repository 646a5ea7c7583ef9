import { DateTime } from 'luxon';
import type { Change } from '../../domain/agreement/diff.ts';
import type { Forecast } from '../../domain/agreement/forecast.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Signer } from '../../store/approval.ts';
import type { DraftState } from '../../store/draft.ts';
import { ForecastView } from './forecast.tsx';
import { Page } from './layout.tsx';

export interface SigningProps {
  draft: DraftState;
  /** What it would have meant for the past; null where that was not worked out. */
  forecast: Forecast | null;
  signer: Signer;
  action: string;
  /** Why the last signature was not taken, in a sentence. */
  notice: string | null;
}

/** A draft of the agreement: what it says differently, who has signed, and the button to sign. */
export function SigningPage({ draft, forecast, signer, action, notice }: SigningProps): string {
  const { version, active, changes, files } = draft;
  return (
    <Page title={`Version ${version} of the agreement`} charts={forecast !== null}>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <h1 safe>{`Version ${version} of the agreement`}</h1>
      <p class="lede" safe>
        {standingOf(draft)}
      </p>
      <Signatures draft={draft} />
      <SignForm draft={draft} signer={signer} action={action} />
      <h2 safe>{`What it says differently than version ${active}`}</h2>
      <Changes changes={changes} />
      {forecast === null ? '' : <ForecastView forecast={forecast} />}
      {files === null ? (
        ''
      ) : (
        <>
          <h2>All that it says</h2>
          {Object.entries(files).map(([name, text]) => (
            <details>
              <summary safe>{name}</summary>
              <pre tabindex="0">
                <code safe>{text}</code>
              </pre>
            </details>
          ))}
        </>
      )}
      <p
        class="quiet fingerprint"
        safe
      >{`Signatures are given under exactly this content: SHA-256 ${draft.contentHash}`}</p>
    </Page>
  ) as string;
}

function standingOf({ state, newest, version, active, missing }: DraftState): string {
  if (state === 'active') return `It is in force.`;
  if (state === 'archived') return `It was in force; version ${active} is now.`;
  if (newest !== null)
    return `A newer draft, version ${newest}, took its place; this one can no longer be signed.`;
  return missing.length === 0
    ? 'Both teams have signed. It comes into force when it is activated.'
    : `A draft. Version ${active} stays in force until both teams have signed version ${version} and it is activated.`;
}

function Signatures({ draft: { signatures, missing } }: { draft: DraftState }): string {
  return (
    <dl class="facts">
      {signatures.map(({ team, person, way, at }) => (
        <div>
          <dt safe>{`Signed for ${team}`}</dt>
          <dd
            safe
          >{`${person.name}, ${utc(at)}${way === 'link' ? '' : ', on the command line'}`}</dd>
        </div>
      ))}
      {missing.map(team => (
        <div>
          <dt safe>{`Signed for ${team}`}</dt>
          <dd>not yet</dd>
        </div>
      ))}
    </dl>
  ) as string;
}

function SignForm({
  draft: { state, newest, missing, contentHash },
  signer,
  action,
}: Pick<SigningProps, 'draft' | 'signer' | 'action'>): string {
  if (state !== 'draft' || newest !== null || !missing.includes(signer.team)) return '';
  return (
    <form method="post" action={action}>
      <input type="hidden" name="hash" value={contentHash} />
      <button type="submit" safe>{`Sign for ${signer.team} as ${signer.name}`}</button>
    </form>
  ) as string;
}

function Changes({ changes }: { changes: readonly Change[] }): string {
  if (changes.length === 0) return (<p>Nothing: it says the same.</p>) as string;
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">where</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ path, before, after }) => (
            <tr>
              <th scope="row" safe>
                {path.join(' › ')}
              </th>
              <td>
                {before === null ? <span class="quiet">nothing</span> : <del safe>{before}</del>}
              </td>
              <td>
                {after === null ? <span class="quiet">nothing</span> : <ins safe>{after}</ins>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  ) as string;
}

function utc(at: Instant): string {
  return DateTime.fromMillis(at, { zone: 'utc' }).toFormat("d LLL yyyy, HH:mm 'UTC'");
}
