import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A templates folder of one's own, to write in. */
export interface StudioFolder {
  templates: string;
  /** Writes a file of a sequence; its folder is made where it is not there. */
  write: (sequence: string, file: string, text: string) => Promise<void>;
  remove: (sequence: string, file?: string) => Promise<void>;
  end: () => Promise<void>;
}

/** The shipped templates, and one sequence that has everything that a sequence can have. */
export async function aStudioFolder(): Promise<StudioFolder> {
  const own = await mkdtemp(join(tmpdir(), 'lockstep-studio-'));
  const templates = join(own, 'templates');
  await cp('templates', templates, { recursive: true });
  await cp('agreement', join(own, 'agreement'), { recursive: true });
  const folderOf = (sequence: string) => join(templates, 'sequences', sequence);
  const write = async (sequence: string, file: string, text: string) => {
    await mkdir(folderOf(sequence), { recursive: true });
    await writeFile(join(folderOf(sequence), file), text);
  };
  await write('plant-tour', 'sequence.yaml', plantTour);
  for (const mail of ['01-invitation', '01-short', '02-what-you-see', '03-after'])
    await write('plant-tour', `${mail}.mjml`, aMail(mail));
  const lead = { first_name: 'Ines', company: 'Garonne Précision', title: 'Plant manager' };
  await write('plant-tour', 'sample.json', JSON.stringify({ lead }));
  return {
    templates,
    write,
    remove: (sequence, file = '') => rm(join(folderOf(sequence), file), { recursive: true }),
    end: () => rm(own, { recursive: true }),
  };
}

const plantTour = `goal: Bring plant managers to see a line that does not stop
owner: nora
audience: makers who know what a stop costs, and want to see it done
window: { days: mon-thu, from: "09:00", to: "16:00" }
cap: 1 mail a week
leave_when:
  - if: filled in "Plant tour"
    because: comes to the tour
steps:
  - mail: 01-invitation
    subject: "{{ lead.first_name | default: 'Hello' }}, come and see one"
    preheader: Two hours, one line, no slides
    variants:
      long: { weight: 4 }
      short: { weight: 4, mail: 01-short, subject: Two hours that pay }
      hold_out: { weight: 2 }
  - wait: 6 days
  - if: clicked in 01-invitation within 5 days
    then:
      - mail: 02-what-you-see
        subject: "What {{ lead.company | default: 'you' }} would see"
        preheader: A line, its numbers, and who runs it
      - wait: until tuesday 09:30
      - task: offer-a-day
        do: call
        for: owner
        due_within: 2 working days
    else:
      - split: pace
        paths:
          quick:
            weight: 1
            steps:
              - exit: no interest now
          slow:
            weight: 1
            steps:
              - wait: 30 days
              - move: stay-in-touch
  - wait: 7 days
  - mail: 03-after
    subject: Did you see it?
    preheader: What others took home
`;

/** A plan of one mail. */
export function aPlan(goal: string): string {
  return `goal: ${goal}\nowner: nora\nsteps:\n  - mail: 01-first\n    subject: Hello\n    preheader: Read this\n`;
}

/** A mail that is as it should be. @param text what it says */
export function aMail(text: string): string {
  return `<mjml lang="en">
  <mj-head>
    <mj-include path="../../brand/head.mjml" />
    <mj-title>{{ mail.subject }}</mj-title>
    <mj-preview>{{ mail.preheader }}</mj-preview>
  </mj-head>
  <mj-body>
    <mj-include path="../../brand/header.mjml" />
    <mj-section>
      <mj-column>
        <mj-text mj-class="headline">${text}</mj-text>
        <mj-text>Hello {{ lead.first_name | default: "there" }}, the line ran for 212 days. Come and see why.</mj-text>
        <mj-button href="https://northwind.example/tour">Choose a day</mj-button>
      </mj-column>
    </mj-section>
    <mj-include path="../../brand/footer.mjml" />
  </mj-body>
</mjml>
`;
}
