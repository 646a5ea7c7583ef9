import { totalOf, type Status } from '../../store/status.ts';
import { Page } from './layout.tsx';

export interface HomeProps {
  workspace: { name: string; temporalUi: string; inbox: string };
  /** Whether there is a studio. */
  hasStudio: boolean;
  status: Status;
}

/** Where to look, for whoever has just started Lockstep on this machine. */
export function Home({ workspace, hasStudio, status }: HomeProps): string {
  return (
    <Page
      title="Where things stand"
      links={{ Inbox: workspace.inbox, 'Temporal UI': workspace.temporalUi }}
    >
      <h1>Where things stand</h1>
      {totalOf(status) === 0 ? (
        <p class="lede">
          No leads yet. Bring yours in with{' '}
          <code>npx lockstep leads import leads.csv --source fair</code>.
        </p>
      ) : (
        <ul class="counts">
          {Object.entries(status.leads).map(([stage, count]) => (
            <li>
              <b safe>{String(count)}</b>
              <span safe>{stage}</span>
            </li>
          ))}
        </ul>
      )}
      {status.mail === 'on' ? (
        ''
      ) : (
        <p class="notice">
          All mail is off. Switch it on again with <code>npx lockstep ops resume --all</code>.
        </p>
      )}
      <dl class="facts">
        <div>
          <dt>Mails that were sent</dt>
          <dd>
            <a href={workspace.inbox}>the inbox</a>
          </dd>
        </div>
        {hasStudio ? (
          <div>
            <dt>Sequences and their mails</dt>
            <dd>
              <a href="/studio">the studio</a>
            </dd>
          </div>
        ) : (
          ''
        )}
        <div>
          <dt>Each lead's workflow</dt>
          <dd>
            <a href={workspace.temporalUi}>the Temporal UI</a>
          </dd>
        </div>
        <div>
          <dt>Leads with sales</dt>
          <dd>
            <a href="/my">each rep's own page</a>
          </dd>
        </div>
        <div>
          <dt>Workspace</dt>
          <dd safe>{workspace.name}</dd>
        </div>
      </dl>
    </Page>
  ) as string;
}
