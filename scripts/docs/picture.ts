import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Overrides } from '../deployments/sample';
import { synthesise } from '../deployments/synthesis';
import { type Picture, pictureOf } from '../picture/model';
import { svgOf } from '../picture/svg';

/** The default, with what most deployments add to it: a hosted zone, and the firewall. */
const DRAWN: Overrides = stack => ({
  hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }),
  certificate: undefined,
  edgeCertificate: undefined,
  waf: {},
});

export function drawn(): Picture {
  return pictureOf(synthesise(DRAWN));
}

/** docs/architecture.svg, from today's templates. */
export async function architecturePicture(): Promise<string> {
  return svgOf(drawn());
}
