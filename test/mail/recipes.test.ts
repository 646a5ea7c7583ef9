import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { edgeCases } from '../../mail/edge-cases.ts';
import { copyRecipe, listRecipes, RecipeError } from '../../mail/recipes.ts';
import { Links } from '../../mail/links.ts';
import { personalize } from '../../mail/personalize.ts';
import { readSequence, type SequenceDraft } from '../../mail/sequence-folder.ts';
import { runHere } from '../cli/run.ts';

const recipes = ['event', 're-engagement', 'renewal', 'trial', 'webinar-follow-up', 'starter'];

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'lockstep-recipes-'));
  await cp('templates', root, { recursive: true });
  for (const from of recipes) await copyRecipe(root, { from, name: `my-${from}`, owner: 'theo' });
});
afterAll(() => rm(root, { recursive: true }));

const links = new Links('https://mail.example', 'a secret of thirty-two characters');
/** What one of the leads calls its company; no recipe says it of itself. */
const likeLiquid = '{{ lead.title }}';

describe.each(recipes)('the recipe %s', recipe => {
  let draft: SequenceDraft;
  beforeAll(async () => {
    draft = await readSequence(root, `my-${recipe}`, { people: ['theo'] });
  });

  it('is clean, by whatever name it is made', () => {
    expect(draft.findings).toEqual([]);
  });

  it('has mails for every lead, with nothing of a template left in them', () => {
    const { content, sample } = draft;
    for (const { title, fields, rep } of edgeCases(sample ?? noFields))
      for (const name of Object.keys(content.mails)) {
        const lead = { id: 'lead-1' as LeadId, fields, rep };
        const { subject, html, text } = personalize(content, name, lead, links);
        const shown = `${name}, for a lead ${title}`;
        for (const part of [subject, html, text])
          expect(part.replaceAll(likeLiquid, ''), shown).not.toMatch(/\{\{|\{%|undefined|<mj-/);
        expect(html, shown).not.toContain('<script>');
        expect(text, shown).toMatch(/Hello \S/);
      }
  });

  it('says who it is for, and has at most one button a mail', async () => {
    const folder = join(root, 'recipes', recipe);
    const plan = await readFile(join(folder, 'sequence.yaml'), 'utf8');
    expect(plan).toMatch(/^# yaml-language-server: .*\n# [A-Z]/);
    expect(plan).toMatch(/^audience: /m);
    for (const file of (await readdir(folder)).filter(name => name.endsWith('.mjml'))) {
      const source = await readFile(join(folder, file), 'utf8');
      expect(source.split('<mj-button').length - 1, file).toBeLessThanOrEqual(1);
    }
  });
});

describe('a sequence that begins from a recipe', () => {
  it('is a folder of its own with its own owner, the same otherwise', async () => {
    const [made, recipe] = [join(root, 'sequences/my-trial'), join(root, 'recipes/trial')];
    expect(await readdir(made)).toEqual(await readdir(recipe));
    for (const file of await readdir(recipe)) {
      const [copy, kept] = await Promise.all(
        [made, recipe].map(folder => readFile(join(folder, file), 'utf8')),
      );
      expect(copy).toBe(file === 'sequence.yaml' ? kept?.replace('nora', 'theo') : kept);
    }
  });

  it('is never written over another, and of two made at once one is', async () => {
    const again = { from: 'trial', name: 'c-nurture', owner: 'theo' };
    await expect(copyRecipe(root, again)).rejects.toThrow('is there already, and stays as it is');
    await expect(copyRecipe(root, { ...again, dryRun: true })).rejects.toThrow(RecipeError);
    const both = await Promise.allSettled(
      ['event', 'trial'].map(from => copyRecipe(root, { from, name: 'at-once', owner: 'theo' })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it.each([
    ['webinar-folow-up', 'fine', 'Did you mean "webinar-follow-up"?'],
    ['../brand', 'fine', 'There is no recipe "../brand".'],
    ['trial', '../outside', 'a name has lower-case letters, digits and hyphens'],
    ['trial', 'My Trial', 'a name has lower-case letters, digits and hyphens'],
  ])('is not made from %s as %s', async (from, name, why) => {
    await expect(copyRecipe(root, { from, name, owner: 'theo' })).rejects.toThrow(why);
  });

  it('has recipes to begin from, each with what it is for', async () => {
    await writeFile(join(root, 'recipes/README.md'), 'no recipe');
    const listed = await listRecipes(root);
    expect(listed.map(({ name }) => name)).toEqual(recipes);
    expect(listed.at(-1)).toMatchObject({ mails: 2 });
  });
});

describe('lockstep sequence new', () => {
  const say = (words: string) => runHere(['sequence', 'new', ...words.split(' ')], {});

  it('says what it would make, and for whom, and makes nothing in a dry run', async () => {
    const { code, out } = await say('dry-run-only --from trial --dry-run');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        /templates\/sequences\/dry-run-only\/ would be made from trial, owned by nora: sequence\.yaml, 01-/,
      ),
    ]);
    expect(await readdir('templates/sequences')).not.toContain('dry-run-only');
  });

  it('lists the recipes', async () => {
    const { out } = await say('--list');
    for (const recipe of recipes) expect(out).toContain(recipe);
    expect(JSON.parse((await say('--list --json')).out)).toHaveLength(recipes.length);
  });

  it.each([
    ['c-nurture', 'templates/sequences/c-nurture is there already'],
    ['x --from trail --dry-run', 'Did you mean "trial"?'],
    ['x --owner norra --dry-run', 'Did you mean "nora"?'],
    ['--dry-run', 'Say what the sequence is to be called'],
  ])('cannot be done with "%s", and says why', async (words, why) => {
    const { code, error } = await say(words);
    expect([code, error]).toEqual([1, expect.stringContaining(why)]);
  });
});
