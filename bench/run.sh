#!/usr/bin/env bash
# Measures in a Release build and writes the figures into bench/README.md. Usage: bench/run.sh [SCENARIO], by default writes.
# ROUNDS (5), SECONDS_EACH (5) and CONNECTIONS (16) say how much. All servers are started for it and end with it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../eng/setup.sh"

build() { dotnet build bench/Bench --configuration Release --nologo --verbosity quiet -nodeReuse:false; }

require_dotnet
step "Packages" offline_feed
step "Build" build
dotnet artifacts/bin/Bench/release/Bench.dll "${1:-writes}" bench/README.md "${@:2}"
