/** A moment for the Temporal UI, such as `2026-11-26 14:05 UTC`: a workflow knows no other time. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
