/* eslint-disable @typescript-eslint/no-require-imports */

/**
 * The rooms that are on no request's way and that most deployments do without, each loaded when it is first entered. With the web
 * ACL and the backup plan they would be a quarter of the time that it takes to load the library: docs/performance.md.
 */
export const rooms = {
  get SqlTask() {
    return (require('./sql-task/sql-task') as typeof import('./sql-task/sql-task')).SqlTask;
  },
  get AliasRecords() {
    return (require('./edge/dns') as typeof import('./edge/dns')).AliasRecords;
  },
  get EdgeWatch() {
    return (require('./edge-watch') as typeof import('./edge-watch')).EdgeWatch;
  },
  get Monitoring() {
    return (require('./monitoring/monitoring') as typeof import('./monitoring/monitoring')).Monitoring;
  },
  get publishers() {
    return (require('./monitoring/alarm-topic') as typeof import('./monitoring/alarm-topic')).publishers;
  },
};
