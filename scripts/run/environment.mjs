/** For every command: the folder and the variables. Imported first, as other modules read files when they are loaded. */
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

// jsii's banner about the age of Node.js would hide everything else. The README says what is supported.
process.env.JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION ??= process.versions.node.split('.')[0];
process.env.JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION ??= 'true';
process.env.JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION ??= 'true';
process.env.CDK_DISABLE_CLI_TELEMETRY ??= 'true';
// Each program would compile the packages again.
delete process.env.PYTHONDONTWRITEBYTECODE;
// A test shows its progress when it ends, not when a buffer is full.
process.env.PYTHONUNBUFFERED ??= '1';
