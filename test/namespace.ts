import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { registerSearchAttributes } from '../engine/namespace.ts';

/** A namespace of one's own on the tests' Temporal, set up like a fresh cluster's. */
export async function createNamespace() {
  const address = inject('temporalAddress');
  const namespace = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const client = new Client({ connection, namespace });
  await registerSearchAttributes(client);
  return { address, namespace, connection, client };
}
