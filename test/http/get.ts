/** A page, as a browser asks for it; where it leads elsewhere, nobody follows. */
export async function get(
  url: string,
): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await fetch(url, { headers: { accept: 'text/html' }, redirect: 'manual' });
  return { status: response.status, text: await response.text(), headers: response.headers };
}
