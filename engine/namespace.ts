import type { Client, ConnectionLike, OperatorService } from '@temporalio/client';
import proto from '@temporalio/proto';
import { attributes } from '../workflows/attributes.ts';

const { INDEXED_VALUE_TYPE_KEYWORD } = proto.temporal.api.enums.v1.IndexedValueType;

/**
 * Registers the search attributes that are missing. Through the API, because a server that keeps
 * its store ignores those that it is given when it starts again.
 */
export async function registerSearchAttributes(client: Client): Promise<string[]> {
  // Both kinds of connection have it; the client's type names only what each must have.
  const { operatorService } = client.connection as ConnectionLike & {
    operatorService: OperatorService;
  };
  const { namespace } = client.options;
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(attributes)
    .map(({ name }) => name)
    .filter(name => !(name in customAttributes));
  if (missing.length > 0)
    await operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(name => [name, INDEXED_VALUE_TYPE_KEYWORD])),
    });
  return missing;
}
