import type { App } from '../app.ts';

/** An answer of `/v1`. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Posts to `/v1` as a system with the key does. */
export async function postTo(
  { config }: Pick<App, 'config'>,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${config.http.publicUrl}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${config.apiKey}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
