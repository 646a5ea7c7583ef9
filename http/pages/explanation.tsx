import { explainScore } from '../../domain/agreement/explain.ts';
import { formatPoints } from '../../domain/hundredths.ts';
import type { Score } from '../../domain/agreement/score.ts';

/** Every line of a score in two tables, whose sums are fit and engagement. */
export function Explanation({ score }: { score: Score }): string {
  const lines = explainScore(score);
  return (
    <div class="scroll">
      {(['fit', 'engagement'] as const).map(axis => (
        <table>
          <thead>
            <tr>
              <th scope="col">{axis}</th>
              <th scope="col">how it counts</th>
              <th scope="col" class="points">
                points
              </th>
            </tr>
          </thead>
          <tbody>
            {lines
              .filter(line => line.axis === axis)
              .map(({ what, how, points }) => (
                <tr>
                  <td safe>{what}</td>
                  <td class="quiet" safe>
                    {how}
                  </td>
                  <td class="points" safe>
                    {points}
                  </td>
                </tr>
              ))}
            <tr class="sum">
              <td safe>{`${axis}, in all`}</td>
              <td></td>
              <td class="points" safe>
                {formatPoints(score[axis])}
              </td>
            </tr>
          </tbody>
        </table>
      ))}
    </div>
  ) as string;
}
