#!/usr/bin/env bash
# Drill: can the database be restored? Makes a copy of five minutes ago, counts its users, and deletes it. The running system is not touched.
# Needs an AWS account and an administrator. Takes from half an hour, and costs some cents. Writes a line to log.md beside this file.
set -euo pipefail
stack=${1:?usage: bash drills/restore.sh STACK REGION}
export AWS_REGION=${2:?usage: bash drills/restore.sh STACK REGION}
today=$(date -u +%F)
begun=$(date -u +%s)
copy=oky-drill

output() {
  aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}
count() {
  aws rds-data execute-statement --resource-arn "$1" --secret-arn "$(output OkyDatabaseSecretArn)" --database periodtracker \
    --sql 'SELECT count(*) FROM periodtracker.oky_user' --format-records-as JSON --query formattedRecords --output text
}

arn=$(output OkyDatabaseClusterArn)
source=${arn##*:}
subnets=$(aws rds describe-db-clusters --db-cluster-identifier "$source" --query 'DBClusters[0].DBSubnetGroup' --output text)
aws rds restore-db-cluster-to-point-in-time --source-db-cluster-identifier "$source" --db-cluster-identifier "$copy" \
  --use-latest-restorable-time --db-subnet-group-name "$subnets" --serverless-v2-scaling-configuration MinCapacity=0,MaxCapacity=1 \
  --query 'DBCluster.Status' --output text
aws rds wait db-cluster-available --db-cluster-identifier "$copy"
aws rds create-db-instance --db-instance-identifier "$copy-1" --db-cluster-identifier "$copy" --engine aurora-postgresql \
  --db-instance-class db.serverless --query 'DBInstance.DBInstanceStatus' --output text
aws rds wait db-instance-available --db-instance-identifier "$copy-1"
copied=$(aws rds describe-db-clusters --db-cluster-identifier "$copy" --query 'DBClusters[0].DBClusterArn' --output text)
aws rds enable-http-endpoint --resource-arn "$copied"
minutes=$((($(date -u +%s) - begun) / 60))
echo "restored after $minutes minutes; users now: $(count "$arn"), in the copy: $(count "$copied")"

# Only the copy is named here.
aws rds modify-db-cluster --db-cluster-identifier "$copy" --no-deletion-protection --apply-immediately --query 'DBCluster.Status' --output text
aws rds delete-db-instance --db-instance-identifier "$copy-1" --query 'DBInstance.DBInstanceStatus' --output text
aws rds wait db-instance-deleted --db-instance-identifier "$copy-1"
aws rds delete-db-cluster --db-cluster-identifier "$copy" --skip-final-snapshot --query 'DBCluster.Status' --output text
echo "| $today | restore | $minutes minutes |" >> "$(dirname "$0")/log.md"
