import { Stack, Validations } from 'aws-cdk-lib/core';
import { EVERYTHING, FURTHER, NOTHING, props } from '../deployments/matrix';
import { deploy } from '../deployments/sample';

interface Row {
  readonly reason: string;
  readonly places: Set<string>;
  readonly rules: Set<string>;
}

/** Everything that is acknowledged in any deployment that the tests know, as a table: a row a reason. */
export function acknowledgementTable(): string {
  const rows = new Map<string, Row>();
  for (const overrides of [props(NOTHING), props(EVERYTHING), ...Object.values(FURTHER)]) {
    for (const construct of deploy(overrides).stack.node.findAll()) {
      for (const { type, data } of construct.node.metadata) {
        if (type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY && !Stack.isStack(construct)) {
          Object.entries(data as Record<string, string>).forEach(([id, reason]) => addTo(rows, construct.node.path, id, reason));
        }
      }
    }
  }
  const cells = [...rows.values()].map(({ reason, places, rules }) =>
    `| ${[...places].sort().map(place => `\`${place}\``).join('<br>')} | ${[...rules].sort().join('<br>')} | ${reason} |`);
  return ['| Where | Rules | Why it stands |', '| --- | --- | --- |', ...cells.sort()].join('\n');
}

function addTo(rows: Map<string, Row>, place: string, id: string, reason: string): void {
  const row = rows.get(reason) ?? { reason, places: new Set(), rules: new Set() };
  // The stack of the tests is of no interest, and subnets and generations are alike.
  row.places.add(place.replace(/^Oky\//, '').replace(/Subnet\d$/, 'Subnet').replace(/Version\d+$/, 'Version'));
  row.rules.add(id.replace(/^Annotation::/, '').replace(/arn:\S+:log-group:/, '…:log-group:'));
  rows.set(reason, row);
}
