import { DefaultLogger, Runtime } from '@temporalio/worker';

// Test files share a process, which has one runtime.
if (Runtime._instance === undefined) Runtime.install({ logger: new DefaultLogger('ERROR') });
