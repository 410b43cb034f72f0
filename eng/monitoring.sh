#!/usr/bin/env bash
# Prints deploy/monitoring as objects for a cluster with the Prometheus operator, and a Grafana that reads dashboards from ConfigMaps:
#   eng/monitoring.sh | kubectl apply -n monitoring -f -
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../deploy/monitoring"

indented() { sed 's/^\(.\)/    \1/' "$1"; }

cat kubernetes/podmonitor.yaml

for rules in recording alerts; do
  cat <<YAML
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: realtimesuite-$rules
spec:
$(sed 's/^\(.\)/  \1/' "rules/$rules.yml")
YAML
done

cat <<YAML
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: realtimesuite-dashboard
  labels:
    grafana_dashboard: "1"
data:
  realtimesuite.json: |
$(indented grafana/realtimesuite.json)
YAML
