import { conditionInWords, taskInWords, waitInWords } from '../../../domain/sequence/in-words.ts';
import { taskOf } from '../../../domain/sequence/plan.ts';
import { holdOut } from '../../../domain/sequence/variants.ts';
import type { MailStep } from '../../../domain/sequence/schema.ts';
import type { StepFigures } from '../../../domain/review/step-results.ts';
import type { AfterMail } from '../../../store/sequence-flow.ts';
import type { ShownStep } from '../../studio/steps.ts';
import { count, Findings } from './parts.tsx';

/** What is known of the leads in a sequence, by the steps of its draft. */
export interface FlowFigures {
  /** How many stand at each place of the plan. */
  places: ReadonlyMap<number, number>;
  after: readonly AfterMail[];
  results: readonly StepFigures[];
}

export interface FlowProps {
  name: string;
  steps: readonly ShownStep[];
  /** Null where nothing is known. */
  figures: FlowFigures | null;
  /** A mail's subject as the sample lead gets it. */
  subjectOf: (mail: string, variant: string | null) => string;
  /** The sequences that there are, which a lead may be moved on to. */
  names: readonly string[];
}

/** A sequence as it goes, from top to bottom; what a branch or a split parts stands side by side. */
export function Flow(props: FlowProps): string {
  return (
    <>
      <Steps {...props} />
      <p class="flow-end quiet">the end</p>
    </>
  ) as string;
}

function Steps(props: FlowProps): string {
  return (
    <ol class="flow">
      {props.steps.map(shown => (
        <Step {...props} shown={shown} />
      ))}
    </ol>
  ) as string;
}

type StepProps = FlowProps & { shown: ShownStep };

function Step(props: StepProps): string {
  const { shown, names } = props;
  const { step } = shown;
  if ('mail' in step) return (<Mail {...props} mail={step} />) as string;
  if ('wait' in step)
    return (
      <li class="wait">
        <span safe>{`${step.wait.kind === 'for' ? 'wait ' : ''}${waitInWords(step.wait)}`}</span>
        <Here {...props} />
        <Findings findings={shown.findings} />
      </li>
    ) as string;
  if ('if' in step)
    return (
      <li class="parting">
        <b class="asks" safe>{`${conditionInWords(step.if)}?`}</b>
        <Here {...props} />
        <Findings findings={shown.findings} />
        <Arms {...props} />
      </li>
    ) as string;
  if ('split' in step)
    return (
      <li class="parting">
        <b class="asks" safe>{`split: ${step.split}`}</b>
        <Here {...props} />
        <Findings findings={shown.findings} />
        <Arms {...props} />
      </li>
    ) as string;
  if ('task' in step)
    return (
      <li class="asking">
        <b safe>{step.task}</b> <span safe>{taskInWords(taskOf(step))}</span>
        <Here {...props} />
        <Findings findings={shown.findings} />
      </li>
    ) as string;
  if ('move' in step)
    return (
      <li class="leaving">
        moves on to{' '}
        {names.includes(step.move) ? (
          <a href={`/studio/${step.move}`} safe>
            {step.move}
          </a>
        ) : (
          <b safe>{step.move}</b>
        )}
        <Findings findings={shown.findings} />
      </li>
    ) as string;
  return (
    <li class="leaving">
      leaves: <b safe>{step.exit}</b>
      <Findings findings={shown.findings} />
    </li>
  ) as string;
}

function Arms(props: StepProps): string {
  const { arms } = props.shown;
  const total = arms.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  return (
    <ul class="arms">
      {arms.map(({ label, weight, steps }) => (
        <li>
          <h3 safe>{weight === null ? label : `${labelOf(label)} · ${percent(weight / total)}`}</h3>
          {steps.length === 0 ? (
            <p class="quiet">goes on at once</p>
          ) : (
            <Steps {...props} steps={steps} />
          )}
        </li>
      ))}
    </ul>
  ) as string;
}

function labelOf(variant: string): string {
  return variant === holdOut ? 'held out' : variant;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}\u00a0%`;
}

/** How many wait for a step: for its time, for the window, or for who is to do it. */
function Here({ shown, figures }: StepProps): string {
  const standing = standingAt(shown, figures);
  return standing === 0
    ? ''
    : ((<span class="here" safe>{`${count(standing)} waiting`}</span>) as string);
}

function standingAt({ places }: ShownStep, figures: FlowFigures | null): number {
  return places.reduce((sum, place) => sum + (figures?.places.get(place) ?? 0), 0);
}

function Mail({ mail, ...props }: StepProps & { mail: MailStep }): string {
  const { name, shown, figures, subjectOf } = props;
  const variants = Object.entries(mail.variants ?? {});
  const total = variants.reduce((sum, [, { weight }]) => sum + weight, 0);
  const href = `/studio/${name}/${mail.mail}`;
  return (
    <li class="mail">
      <div class="card">
        <p class="step-name">
          <a href={href} safe>
            {mail.mail}
          </a>
          <Here {...props} />
        </p>
        {variants.length === 0 ? (
          <>
            <p class="subject" safe>
              {subjectOf(mail.mail, null)}
            </p>
            <Figures mail={mail.mail} variant={null} figures={figures} />
          </>
        ) : (
          <ul class="variants">
            {variants.map(([variant, { weight }]) => (
              <li>
                <p class="variant">
                  {variant === holdOut ? (
                    <b>held out</b>
                  ) : (
                    <a href={`${href}?variant=${variant}`} safe>
                      {variant}
                    </a>
                  )}{' '}
                  <span class="quiet" safe>
                    {percent(weight / total)}
                  </span>
                </p>
                <p class={variant === holdOut ? 'quiet' : 'subject'} safe>
                  {variant === holdOut ? 'gets nothing' : subjectOf(mail.mail, variant)}
                </p>
                <Figures mail={mail.mail} variant={variant} figures={figures} />
              </li>
            ))}
          </ul>
        )}
        <Findings findings={shown.findings} />
      </div>
    </li>
  ) as string;
}

/** What became of those who got a mail, as a bar and in words. */
function Figures({
  mail,
  variant,
  figures,
}: {
  mail: string;
  variant: string | null;
  figures: FlowFigures | null;
}): string {
  if (figures === null) return '';
  const result = figures.results.find(
    found => found.step === mail && found.variant === variant && found.segment === null,
  );
  const after = figures.after.find(found => found.mail === mail && found.variant === variant);
  if (after === undefined && result === undefined)
    return (<p class="quiet figures">Nobody came here yet.</p>) as string;
  return (
    <>
      {after === undefined ? '' : <Bar after={after} />}
      <p class="figures" safe>
        {figuresInWords(after, result)}
      </p>
    </>
  ) as string;
}

function figuresInWords(after: AfterMail | undefined, result: StepFigures | undefined): string {
  const { came, sent = 0, delivered, clicked, replied } = { ...result };
  const told = after === undefined ? null : after.sent - after.waiting;
  return [
    came === undefined || came === sent ? null : `${count(came)} came`,
    after === undefined ? null : `${count(after.sent)} sent`,
    clicked === undefined || !delivered
      ? null
      : `${count(clicked)} clicked (${percent(clicked / delivered)})`,
    replied === undefined || replied === 0 ? null : `${count(replied)} replied`,
    told === null || after === undefined
      ? null
      : told === 0
        ? 'all still before the next step'
        : `${percent(after.wentOn / told)} went on`,
  ]
    .filter(words => words !== null)
    .join(' · ');
}

/** The colors of what becomes of those who got a mail, in the order in which they stand in its bar. */
export const becomes = {
  wentOn: 'went on',
  toSales: 'to sales',
  waiting: 'before the next mail',
  left: 'left',
} as const satisfies Partial<Record<keyof AfterMail, string>>;

function Bar({ after }: { after: AfterMail }): string {
  const parts = Object.entries(becomes).map(([key, words]) => ({
    ...{ key, words },
    leads: after[key as keyof typeof becomes],
  }));
  const words = parts.map(part => `${count(part.leads)} ${part.words}`).join(', ');
  let x = 0;
  return (
    <svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={words}>
      {parts.map(({ key, leads }) => {
        const width = (leads / after.sent) * 100;
        const from = x;
        x += width;
        return width === 0 ? (
          ''
        ) : (
          <rect class={key} x={from.toFixed(2)} y="0" width={width.toFixed(2)} height="4" />
        );
      })}
    </svg>
  ) as string;
}
