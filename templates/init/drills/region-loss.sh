#!/usr/bin/env bash
# Drill: is there enough in another region to begin again there? Reads only, and asks the lost region for the names alone.
# Needs an AWS account. Takes a minute. Fails if something is missing, and says what. Writes a line to log.md beside this file.
set -euo pipefail
prefix=${1:?usage: bash drills/region-loss.sh NAME_PREFIX OTHER_REGION}
export AWS_REGION=${2:?usage: bash drills/region-loss.sh NAME_PREFIX OTHER_REGION}
today=$(date -u +%F)
missing=0

expect() {
  if [ "$2" -gt 0 ]; then echo "there: $1"; else echo "MISSING: $1; $3"; missing=$((missing + 1)); fi
}

yesterday=$(node -p 'new Date(Date.now() - 36 * 36e5).toISOString()')
expect 'a copy of the database that is not older than 36 hours' \
  "$(aws rds describe-db-cluster-snapshots --snapshot-type awsbackup --query "length(DBClusterSnapshots[?SnapshotCreateTime>='$yesterday'])")" \
  'set database.backupPlan.copyToVaultArn'
for service in Api Cms; do
  expect "the signing secret of the $service" \
    "$(aws secretsmanager list-secrets --query "length(SecretList[?contains(Name, '${service}SigningSecret')])")" 'replicate it to this region'
done
for service in api cms; do
  expect "images of the $service" \
    "$(aws ecr describe-images --repository-name "$prefix/$service" --query 'length(imageDetails)' 2> /dev/null || echo 0)" 'replicate the repositories, and push again'
done
expect "the bootstrap stack of CDK" \
  "$(aws cloudformation describe-stacks --stack-name CDKToolkit --query 'length(Stacks)' 2> /dev/null || echo 0)" 'run npx cdk bootstrap'
echo "| $today | region loss | $missing missing |" >> "$(dirname "$0")/log.md"
[ "$missing" = 0 ]
