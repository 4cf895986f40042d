#!/usr/bin/env bash
# Drill: can a secret be exchanged while everybody works? Exchanges the secret header of CloudFront, which no user notices.
# Needs an AWS account and an administrator. Takes a quarter of an hour. Writes a line to log.md beside this file.
set -euo pipefail
stack=${1:?usage: bash drills/secret-rotation.sh STACK REGION}
export AWS_REGION=${2:?usage: bash drills/secret-rotation.sh STACK REGION}
today=$(date -u +%F)

output() {
  aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}
check() {
  for host in "$(output OkyApiHost)" "$(output OkyCmsHost)"; do
    code=$(curl -sS -o /dev/null -w '%{http_code}\n' "https://$host/")
    echo "$host: $code"
    [ "$code" = 200 ]
  done
}

check
read -r -p 'Raise edge.originSecretVersion in the app by one, and press Enter: ' _
npx cdk deploy "$stack" "$stack/**"
check
echo "| $today | secret rotation | both hosts answered before and after |" >> "$(dirname "$0")/log.md"
