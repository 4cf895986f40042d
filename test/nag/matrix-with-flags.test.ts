import { RECOMMENDED_FLAGS, testMatrix } from './packs';

describe('AwsSolutions, NIST 800-53 R5, HIPAA and PCI DSS with the recommended feature flags', () => {
  testMatrix(RECOMMENDED_FLAGS);
});
