import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As the examples import it; what is tested is the source.
  resolve: { alias: { 'cdk-oky-backend': fileURLToPath(new URL('src/index.ts', import.meta.url)) } },
  test: {
    globals: true,
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // aws-cdk-lib and the library are loaded once a worker, and by Node.js itself: docs/decisions/0011-vitest.md.
    isolate: false,
    execArgv: ['--import', 'tsx'],
    server: { deps: { external: [/\/src\//] } },
    // The slowest tests synthesise hundreds of deployments. Time is measured by benchmarks; this only ends what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
