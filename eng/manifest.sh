#!/usr/bin/env bash
# Writes deploy/aspire-manifest.json: the application model, as deployment tools read it. A test fails while the file is another one.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

require_dotnet
offline_feed
dotnet run --project AppHost --no-launch-profile -- --publisher manifest --output-path "$PWD/deploy/aspire-manifest.json"
