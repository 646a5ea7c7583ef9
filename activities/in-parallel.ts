/** Does work for every item, at most `width` at a time. The first failure is thrown when all have ended. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const results = await Promise.allSettled(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const item of queue) await work(item);
    }),
  );
  const failed = results.find(result => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
