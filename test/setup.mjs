/** What each worker of Jest does first. */
import { fileURLToPath } from 'node:url';

// The examples import the package by its name. What is tested is the source: tsconfig.dev.json says where it is.
process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL('../tsconfig.dev.json', import.meta.url));
// Node.js loads TypeScript, and only this process does: an environment variable would reach each program that a test starts.
await import('tsx');
delete process.env.TSX_TSCONFIG_PATH;

// CloudFormation's template validation costs seconds and has a test of its own, which turns it on again.
process.env.CDK_VALIDATION = 'false';
