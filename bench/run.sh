#!/usr/bin/env bash
# Measures in a Release build and writes the figures into bench/README.md.
#
#   bench/run.sh [SCENARIO] [SERVER...]
#
# Scenarios: writes (the default), suite, compare, fanout, unicast, idle, storm, slow; tables writes what was measured last once more.
# Servers, by default all that the scenario knows: gateway raw signalr nchan ws socketio fastapi floor.
# ROUNDS, SECONDS_EACH, CONNECTIONS, EVENT_BYTES and RATES say how much; see bench/README.md. All servers are started for it, on
# loopback, and end with it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/setup.sh"

scenario=${1:-writes}
servers=("${@:2}")

build() { dotnet build bench/Bench --configuration Release --nologo --verbosity quiet -nodeReuse:false; }

# wants SERVER: whether it is to be measured; without names all are.
wants() { ((${#servers[@]} == 0)) || [[ " ${servers[*]} " == *" $1 "* ]]; }

# What the servers that are not .NET's need: Debian's packages, and for Node npm's, into their folders.
alternatives() {
  debian_packages redis-server
  if wants nchan; then debian_packages nginx-light libnginx-mod-nchan; fi
  if wants fastapi; then debian_packages python3-fastapi uvicorn python3-redis python3-websockets; fi
  local folder
  for folder in ws socketio; do
    wants "$folder" || continue
    (cd "bench/alternatives/$folder" && npm install --no-package-lock --no-audit --no-fund --silent)
  done
}

require_dotnet
step "Packages" offline_feed
step "Build" build
case $scenario in writes | suite | tables) ;; *) step "Servers to compare with" alternatives ;; esac
dotnet artifacts/bin/Bench/release/Bench.dll "$scenario" bench/README.md ${servers[@]+"${servers[@]}"}
