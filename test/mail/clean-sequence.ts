import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A mail that no rule finds anything in. */
const mail = `<mjml lang="en">
  <mj-head>
    <mj-include path="../../brand/head.mjml" />
    <mj-preview>{{ mail.preheader }}</mj-preview>
  </mj-head>
  <mj-body background-color="#f2f4f6" css-class="page">
    <mj-include path="../../brand/header.mjml" />
    <mj-section padding="0 0 8px">
      <mj-column>
        <mj-text>
          <h1>Three plants, three numbers</h1>
          <p>Hello {{ lead.first_name | default: "there" }},</p>
          <p>three plants let us show what happened in their first ninety days. It is short, and it is all there.</p>
        </mj-text>
        <mj-button href="https://northwind.example/stories">Read the three stories</mj-button>
        <mj-text><p>Nora</p></mj-text>
      </mj-column>
    </mj-section>
    <mj-include path="../../brand/footer.mjml" />
  </mj-body>
</mjml>
`;

const sequence = `goal: Show plant managers what unplanned stops cost
owner: nora

steps:
  - mail: 01-first
    subject: Three plants, three numbers
    preheader: What changed in the first ninety days
  - wait: 5 days
  - if: clicked in 01-first within 5 days
    then:
      - mail: 02-second
        subject: The calculator, filled in
        preheader: Two minutes, no form
`;

/** The files of a sequence in which no rule finds anything, by name. */
export const cleanSequence: Readonly<Record<string, string>> = {
  'sequence.yaml': sequence,
  '01-first.mjml': mail,
  '02-second.mjml': mail,
  'sample.json': '{ "lead": { "first_name": "Petra" } }\n',
};

/** A templates folder with the shipped brand, in which one sequence after the other is tried. */
export class TemplatesFolder {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async make(): Promise<TemplatesFolder> {
    const folder = new TemplatesFolder(await mkdtemp(join(tmpdir(), 'lockstep-templates-')));
    await cp('templates/brand', join(folder.root, 'brand'), { recursive: true });
    return folder;
  }

  path(sequence: string, file: string): string {
    return join(this.root, 'sequences', sequence, file);
  }

  /** Puts a sequence in the place of the one of that name, if there is one. */
  async put(name: string, files: Readonly<Record<string, string | Buffer>>): Promise<void> {
    const folder = join(this.root, 'sequences', name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  }

  removeSequence(name: string): Promise<void> {
    return rm(join(this.root, 'sequences', name), { recursive: true, force: true });
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}
