#!/usr/bin/env node
// The `lockstep` command: installs what a fresh clone lacks, then hands over to the TypeScript.
import { install } from './install.mjs';

install();
const { register } = await import('tsx/esm/api');
register();
await import('./main.ts');
