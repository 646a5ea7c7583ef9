import type { Config } from '../../config.ts';
import type { World } from './deed.ts';

/**
 * The world of people on this machine.
 * @param local the pages' address as this process reaches it, whatever links say
 */
export function worldOf(
  { http, apiKey }: Pick<Config, 'http' | 'apiKey'>,
  reader: World['reader'],
  local: string,
): World {
  let visits = 0;
  const here = (url: string) => url.replace(http.publicUrl, local);
  return {
    reader,
    visit: async (email, type, name) => {
      visits += 1;
      const response = await fetch(`${local}/v1/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/cloudevents+json',
        },
        body: JSON.stringify({
          ...{ specversion: '1.0', id: String(visits), source: 'rehearsal', type },
          data: { email, name },
        }),
      });
      if (!response.ok) throw new Error(`The site's event was refused: ${response.status}.`);
    },
    open: async url => (await fetch(here(url))).text(),
    submit: async (url, fields) => {
      const response = await fetch(here(url), {
        method: 'POST',
        body: new URLSearchParams(fields),
        redirect: 'manual',
      });
      if (response.status >= 500) throw new Error(`A page failed: ${response.status}.`);
    },
  };
}
