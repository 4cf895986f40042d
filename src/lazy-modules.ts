/* eslint-disable @typescript-eslint/no-require-imports */

/**
 * Modules that most deployments do without and that no request passes through. Each is loaded when it is first used. With the web
 * ACL and the backup plan they would be a quarter of the time that it takes to load the library: docs/performance.md.
 */
export const lazy = {
  get SqlTask() {
    return (require('./sql-task/sql-task') as typeof import('./sql-task/sql-task')).SqlTask;
  },
  get AliasRecords() {
    return (require('./edge/alias-records') as typeof import('./edge/alias-records')).AliasRecords;
  },
  get EdgeWatch() {
    return (require('./edge/edge-watch') as typeof import('./edge/edge-watch')).EdgeWatch;
  },
  get Monitoring() {
    return (require('./monitoring/monitoring') as typeof import('./monitoring/monitoring')).Monitoring;
  },
};
