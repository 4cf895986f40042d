/* eslint-disable @typescript-eslint/no-require-imports */

/**
 * The rooms that most deployments do without, each loaded when it is first entered. They would be a quarter of the time that it
 * takes to load the library: docs/performance.md.
 */
export const rooms = {
  get Backup() {
    return (require('./database/backup') as typeof import('./database/backup')).Backup;
  },
  get SqlTask() {
    return (require('./sql-task/sql-task') as typeof import('./sql-task/sql-task')).SqlTask;
  },
  get AliasRecords() {
    return (require('./edge/dns') as typeof import('./edge/dns')).AliasRecords;
  },
  get EdgeWatch() {
    return (require('./edge-watch') as typeof import('./edge-watch')).EdgeWatch;
  },
  get WebAcl() {
    return (require('./edge/web-acl') as typeof import('./edge/web-acl')).WebAcl;
  },
  get Monitoring() {
    return (require('./monitoring/monitoring') as typeof import('./monitoring/monitoring')).Monitoring;
  },
  get publishers() {
    return (require('./monitoring/alarm-topic') as typeof import('./monitoring/alarm-topic')).publishers;
  },
  get scaleTasks() {
    return (require('./service/scaling') as typeof import('./service/scaling')).scaleTasks;
  },
};
