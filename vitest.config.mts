import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globals: true,
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // aws-cdk-lib is loaded once a worker, not once a file: docs/decisions/0011-vitest.md.
    isolate: false,
    // The slowest tests synthesise hundreds of deployments. Time is measured by benchmarks; this only ends what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
