import { join, resolve } from 'node:path';
import { surroundings } from '../../intake/set-up.ts';
import { Drafts } from '../../mail/drafts.ts';
import { FolderChanges } from '../../mail/folder-changes.ts';
import type { StudioContext } from './context.ts';

/**
 * What marketers write, as it is saved.
 * @param templates the folder; `agreement/`, which says who may own a sequence, is beside it
 */
export function filesOf(templates: string): Pick<StudioContext, 'drafts' | 'changes'> {
  const root = resolve(templates);
  return {
    drafts: new Drafts(root, () =>
      surroundings({ agreement: join(root, '..', 'agreement'), templates: root }),
    ),
    changes: new FolderChanges(root),
  };
}
