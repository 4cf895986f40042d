// CloudFormation's template validation costs seconds and has a test of its own, which turns it on again.
process.env.CDK_VALIDATION = 'false';
