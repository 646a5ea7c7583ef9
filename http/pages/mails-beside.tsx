import type { Beside, Rendered } from '../../mail/beside.ts';
import { inScheme } from '../../mail/color-scheme.ts';

export interface MailsBesideProps {
  mails: readonly Beside[];
  /** What the two sides are called. */
  before: string;
  after: string;
}

/**
 * Mails of two versions beside each other, as they look in light and dark, on a screen and on a phone. They run nothing,
 * and what they would load is left out. It stands in any page that allows inline styles.
 */
export function MailsBeside({ mails, before, after }: MailsBesideProps): string {
  if (mails.length === 0) return (<p>No mail looks different.</p>) as string;
  return (
    <div class="mails">
      <fieldset class="mails-look">
        <legend class="quiet">As they look</legend>
        <Choice name="scheme" value="light" label="in light" checked />
        <Choice name="scheme" value="dark" label="in dark" />
        <Choice name="width" value="screen" label="on a screen" checked />
        <Choice name="width" value="phone" label="on a phone" />
      </fieldset>
      {mails.map(({ mail, before: was, after: is }) => (
        <section>
          <h3 safe>{mail}</h3>
          <div class="mails-pair">
            <Side mail={mail} title={before} rendered={was} />
            <Side mail={mail} title={after} rendered={is} />
          </div>
        </section>
      ))}
    </div>
  ) as string;
}

function Choice(props: { name: string; value: string; label: string; checked?: boolean }): string {
  return (
    <label>
      <input
        type="radio"
        name={props.name}
        id={`mails-${props.value}`}
        value={props.value}
        checked={props.checked ?? false}
      />
      <span safe>{props.label}</span>
    </label>
  ) as string;
}

function Side(props: { mail: string; title: string; rendered: Rendered | null }): string {
  const { mail, title, rendered } = props;
  return (
    <div>
      <p class="quiet" safe>
        {title}
      </p>
      {rendered === null ? (
        <p>It has no such mail.</p>
      ) : 'problem' in rendered ? (
        <p safe>{`It cannot be made for this lead: ${rendered.problem}.`}</p>
      ) : (
        <>
          <p>
            <strong safe>{rendered.subject}</strong>
          </p>
          {schemes.map(scheme => (
            <iframe
              class={`mails-${scheme}`}
              title={`${mail}, ${title}, ${scheme}`}
              sandbox=""
              loading="lazy"
              srcdoc={inScheme(rendered.html, scheme)}
            />
          ))}
        </>
      )}
    </div>
  ) as string;
}

const schemes = ['light', 'dark'] as const;
