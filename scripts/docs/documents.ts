import * as fs from 'fs';
import * as path from 'path';
import { acknowledgementTable } from './acknowledgements';
import { alarmTable } from './alarms';
import { apiReference } from './api-reference';
import { CAPACITY_TABLES } from './capacity';
import { loadChart, lossChart, profilesChart, responseChart } from './charts';
import { COST_TABLES, PROFILE_TABLES, profilePrices } from './cost';
import { failureTable } from './failures';
import { FIREWALL_TABLES } from './firewall';
import { replaceTables, type Tables } from './marked-tables';
import { OPTION_TABLES } from './options';
import { PERFORMANCE_TABLES } from './performance';
import { architecturePicture } from './picture';
import { rdsRootCertificates } from './rds-root-certificates';
import { controlsTable } from './security-hub';

export const ROOT = path.join(__dirname, '..', '..');

/** The documents that are written by hand apart from tables between marks. */
const WITH_TABLES: Record<string, Tables> = {
  'README.md': PROFILE_TABLES,
  'docs/capacity.md': CAPACITY_TABLES,
  'docs/cost.md': COST_TABLES,
  'docs/failures.md': { failures: failureTable },
  'docs/firewall.md': FIREWALL_TABLES,
  'docs/monitoring.md': { alarms: alarmTable },
  'docs/options.md': OPTION_TABLES,
  'docs/performance.md': PERFORMANCE_TABLES,
  'docs/security.md': { acknowledgements: acknowledgementTable, controls: controlsTable },
};

/** The files that are generated as a whole. */
const WHOLE: Record<string, () => string | Promise<string>> = {
  'API.md': apiReference,
  'assets/profile-prices.json': profilePrices,
  'assets/rds-root-certificates.json': rdsRootCertificates,
  'docs/architecture.svg': architecturePicture,
  'docs/charts/cost-by-load.svg': loadChart,
  'docs/charts/cost-by-profile.svg': profilesChart,
  'docs/charts/losses.svg': lossChart,
  'docs/charts/response-time.svg': responseChart,
};

/** All generated documents, by their paths from the root of the repository. */
export const DOCUMENTS: readonly string[] = [...Object.keys(WITH_TABLES), ...Object.keys(WHOLE)].sort();

/** The document as it is in the repository. */
export function current(document: string): string {
  return fs.readFileSync(path.join(ROOT, document), 'utf8');
}

/** The document as it should be, from the sources and templates of today. */
export async function generate(document: string): Promise<string> {
  return document in WHOLE ? WHOLE[document]() : replaceTables(current(document), WITH_TABLES[document]);
}
