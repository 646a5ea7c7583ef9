import type { Forecast } from '../domain/agreement/forecast.ts';
import type { ForecastRequest } from '../outlook/forecast.ts';
import type { Database } from '../store/database.ts';
import type { Terminal } from './terminal.ts';

/**
 * Works out what a draft would have meant, with a bar that says how far that is.
 * @throws NoHistoryError
 */
export async function lookBack(
  terminal: Terminal,
  database: Database,
  request: Omit<ForecastRequest, 'onProgress'>,
): Promise<Forecast> {
  // What looks back is much to load, and whoever asks for help waits for it.
  const { forecast } = await import('../outlook/forecast.ts');
  let bar: ReturnType<Terminal['bar']> | null = null;
  const onProgress = (done: number, total: number) => {
    bar ??= terminal.bar('Looking back', total);
    bar.to(done);
  };
  return forecast(database, { ...request, onProgress }).finally(() => bar?.stop());
}
