/** Numbers to be read and copied, folded away unless it is `open`. */
export function NumbersTable({
  title,
  head,
  rows,
  ids = [],
  open = false,
}: {
  title: string;
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
  ids?: readonly string[];
  open?: boolean;
}): string {
  return (
    <details open={open}>
      <summary safe>{title}</summary>
      <div class="scroll" role="region" aria-label={title} tabindex="0">
        <table class="figures">
          <thead>
            <tr>
              {head.map(name => (
                <th scope="col" safe>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name = '', ...values], index) => (
              <tr id={ids[index]}>
                <th scope="row" safe>
                  {String(name)}
                </th>
                {values.map(value => (
                  <td safe>{typeof value === 'number' ? value.toLocaleString('en') : value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  ) as string;
}
