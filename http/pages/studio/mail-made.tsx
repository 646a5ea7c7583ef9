import type { Preview } from '../../../mail/preview.ts';

export const looks = ['light', 'dark', 'both'] as const;
export type Look = (typeof looks)[number];

export const lookNames: Record<Look, string> = {
  light: 'in the light',
  dark: 'in the dark',
  both: 'in both',
};

export interface MadeProps {
  sequence: string;
  mail: string;
  variant: string | null;
  lead: { key: string };
  look: Look;
  made: Preview;
  /** Beside others: on a phone alone. */
  isNarrow: boolean;
}

/** How a mail looks in inboxes and open, and what else goes along with it. */
export function Made({ made, ...props }: MadeProps): string {
  const { look, isNarrow } = props;
  const schemes = look === 'both' ? (['light', 'dark'] as const) : [look];
  return (
    <>
      <Inbox made={made} isNarrow={isNarrow} />
      <div class="frames">
        {schemes.map(scheme => (
          <>
            {isNarrow ? '' : <Frame {...props} scheme={scheme} width="desktop" />}
            <Frame {...props} scheme={scheme} width="phone" />
          </>
        ))}
      </div>
      <details>
        <summary>Text part</summary>
        <pre class="text-part" safe>
          {made.text}
        </pre>
      </details>
      <details>
        <summary safe>{`Headers, and ${kilobytes(made.bytes)} KB of HTML`}</summary>
        <dl class="headers">
          {Object.entries({
            ...made.headers,
            Subject: made.subject,
            'Size of the HTML': `${kilobytes(made.bytes)} KB; Gmail cuts a mail off at 102 KB`,
            'Told apart by': [...made.categories, ...made.customArgs].join(', '),
          }).map(([name, value]) => (
            <div>
              <dt safe>{name}</dt>
              <dd safe>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  ) as string;
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}

/** Subject and preheader as the lists of mail programs show them. */
function Inbox({ made, isNarrow }: { made: Preview; isNarrow: boolean }): string {
  const { inbox, subject, preheader } = made;
  return (
    <div class="inboxes">
      {isNarrow ? (
        ''
      ) : (
        <figure>
          <div class="line">
            <b safe>{inbox.sender}</b>
            <span class="rest">
              <b safe>{subject}</b> <span class="quiet" safe>{`– ${preheader}`}</span>
            </span>
          </div>
          <figcaption class="quiet">In an inbox on a desk</figcaption>
        </figure>
      )}
      <figure>
        <div class="line small">
          <b safe>{inbox.sender}</b>
          <b class="subject-line" safe>
            {inbox.subject}
          </b>
          <span class="quiet" safe>
            {inbox.preheader}
          </span>
        </div>
        <figcaption class="quiet">On a phone</figcaption>
      </figure>
    </div>
  ) as string;
}

interface FrameProps extends Omit<MadeProps, 'made'> {
  scheme: 'light' | 'dark';
  width: 'desktop' | 'phone';
}

function Frame({ sequence, mail, lead, variant, scheme, width }: FrameProps): string {
  const asked = new URLSearchParams({ lead: lead.key, look: scheme });
  if (variant !== null) asked.set('variant', variant);
  const where = width === 'desktop' ? 'on a desk' : 'on a phone';
  const title = `${variant ?? 'The mail'} ${where}, ${lookNames[scheme]}`;
  return (
    <figure class={`frame ${width} ${scheme}`}>
      <iframe
        title={title}
        src={`/studio/${sequence}/${mail}/mail.html?${asked.toString()}`}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
      ></iframe>
      <figcaption class="quiet" safe>
        {`${where}, ${lookNames[scheme]}`}
      </figcaption>
    </figure>
  ) as string;
}
