import { Option } from 'commander';

/** Options that many commands share. */
export function jsonOption(): Option {
  return new Option('--json', 'one JSON value instead of text');
}

export function workspaceOption(): Option {
  return new Option('--workspace <name>', 'the local workspace').default('sample');
}
