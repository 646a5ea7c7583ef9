import type { Wish } from '../../domain/event/event.ts';
import { Page } from './layout.tsx';

export interface StayProps {
  action: string;
  company: string;
  /** What holds; null before anything was said. */
  wish: Wish | null;
  /** What came of the form that was sent, in a sentence. */
  notice: string | null;
}

/**
 * Asks whether somebody wants to hear from the company, and says what holds; whichever it is, the other is one button
 * away. It tells nothing of who they are.
 */
export function StayPage({ action, company, wish, notice }: StayProps): string {
  const { title, text } = told[wish ?? 'nothing'];
  return (
    <Page title={title} company={company}>
      {notice === null ? (
        ''
      ) : (
        <p class="notice" role="status" safe>
          {notice}
        </p>
      )}
      <h1 safe>{title}</h1>
      <p class="lede" safe>
        {text}
      </p>
      <form method="post" action={action} class="narrow">
        {wish === 'stay' ? (
          ''
        ) : (
          <button type="submit" name="answer" value="yes">
            {wish === 'quiet' ? 'Stay in touch after all' : 'Yes, stay in touch'}
          </button>
        )}
        {wish === 'quiet' ? (
          ''
        ) : (
          <button type="submit" name="answer" value="no" class="secondary">
            {wish === 'stay' ? 'Rather not any more' : 'No, leave me alone'}
          </button>
        )}
      </form>
      <p class="quiet">
        Whatever you choose: when you write to us or ask for a call, somebody answers.
      </p>
    </Page>
  ) as string;
}

const told: Readonly<Record<Wish | 'nothing', { title: string; text: string }>> = {
  nothing: {
    title: 'Shall we stay in touch?',
    text: 'If it is yes, you get a mail from us now and then. If it is no, it is quiet at once, and stays so until you say otherwise here.',
  },
  stay: {
    title: 'We stay in touch',
    text: 'You get a mail from us now and then. There is nothing else to do.',
  },
  quiet: {
    title: 'It is quiet now',
    text: 'You get no more mails like the last one, until you say otherwise here. There is nothing else to do.',
  },
};

/** For whoever is never mailed, by an unsubscription or because mail does not arrive: there is nothing to choose. */
export function NothingToChoose({ company }: { company: string }): string {
  return (
    <Page title="No more mails" company={company}>
      <h1>No more mails</h1>
      <p class="lede">
        You get no mails from us any more, so there is nothing to choose here. Should you want to
        hear from us again, write to us.
      </p>
    </Page>
  ) as string;
}
