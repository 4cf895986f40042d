#!/usr/bin/env bash
# Drill: is a person reached? Sets one alarm in each region to ALARM, and back. CloudWatch sends the real messages; nothing else happens.
# Needs an AWS account and cloudwatch:SetAlarmState. Writes a line to log.md beside this file.
set -euo pipefail
prefix=${1:?usage: bash drills/alarm-test.sh NAME_PREFIX REGION}
region=${2:?usage: bash drills/alarm-test.sh NAME_PREFIX REGION}
today=$(date -u +%F)

set_state() {
  aws cloudwatch set-alarm-state --region "$1" --alarm-name "$2" --state-value "$3" --state-reason "Drill of $today: reply that you have read this"
}

set_state "$region" "$prefix-certificate" ALARM
set_state us-east-1 "$prefix-silence" ALARM
echo "Two messages are on their way: $prefix-certificate and $prefix-silence."
read -r -p 'Who has read both of them, and after how many minutes? ' answer
set_state "$region" "$prefix-certificate" OK
set_state us-east-1 "$prefix-silence" OK
echo "| $today | alarm test | $answer |" >> "$(dirname "$0")/log.md"
