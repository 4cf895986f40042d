import { testMatrix } from './packs';

describe('AwsSolutions, NIST 800-53 R5, HIPAA and PCI DSS without feature flags', () => {
  testMatrix({});
});
