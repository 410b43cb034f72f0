#!/usr/bin/env bash
# Puts the whole suite into a running minikube: images, secrets, Redis, Kafka, services, ingress. Safe to run again.
#
#   minikube start --cni=calico --memory=6g     calico enforces the network policies
#   deploy/k8s/minikube.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly namespace=realtime-suite

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

random() { head -c 64 /dev/urandom | base64 | tr -dc 'a-zA-Z0-9' | head -c "$1"; }

# Made once: another password would not open the Redis that is there.
secrets() {
  ! kubectl --namespace "$namespace" get secret realtime-secrets >/dev/null 2>&1 || return 0
  local password
  password=$(random 32)
  kubectl --namespace "$namespace" create secret generic realtime-secrets \
    --from-literal=jwt-secret="$(random 48)" \
    --from-literal=redis-password="$password" \
    --from-literal=redis-connection="redis:6379,password=$password,abortConnect=false" \
    --from-literal=kafka-bootstrap=kafka:9092
}

command -v minikube >/dev/null || fail "minikube is needed: https://minikube.sigs.k8s.io/docs/start"
minikube status >/dev/null || fail "Start minikube first: minikube start --cni=calico --memory=6g"
kubectl config use-context minikube >/dev/null

minikube addons enable ingress
minikube addons enable metrics-server
eng/images.sh
for image in artifacts/images/*.tar; do minikube image load "$image"; done

kubectl apply -f deploy/k8s/base/namespace.yaml
secrets
# A job cannot be changed, and this one may run as often as one likes.
kubectl --namespace "$namespace" delete job kafka-topics --ignore-not-found
kubectl apply -k deploy/k8s/overlays/minikube

kubectl --namespace "$namespace" wait --for=condition=complete job/kafka-topics --timeout=5m
kubectl --namespace "$namespace" get statefulsets,deployments -o name |
  xargs -n 1 kubectl --namespace "$namespace" rollout status --timeout=5m

cat <<END

RealtimeSuite is ready. Let the names lead to it, for example in /etc/hosts:

  $(minikube ip) realtime.local dashboard.realtime.local

  Sockets    ws://realtime.local/ws
  REST       http://realtime.local/api   (OpenAPI: /openapi/v1.json)
  Dashboard  http://dashboard.realtime.local
  Login      user1 / user123, admin admin1 / admin123
END
