#!/usr/bin/env bash
# Sets up what is missing, builds everything with warnings as errors, runs every test, and ends with "N passed, N failed".
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

readonly results=artifacts/test-results

# Clients in other languages, for the tests that connect as their users do.
clients() {
  debian_packages python3-websockets redis-server redis-tools
  if command -v npm >/dev/null; then
    npm install --prefix artifacts/clients --no-save --silent --no-audit --no-fund ws@8.18.3 >/dev/null
  fi
}

build() { dotnet build RealtimeSuite.sln --nologo --verbosity quiet -warnaserror -nodeReuse:false; }

tests() {
  dotnet test RealtimeSuite.sln --no-build --nologo --logger trx --results-directory "$results/suite" \
    -maxCpuCount:1 --logger "console;verbosity=minimal"
}

# The promises of the local feed itself, where this clone uses it.
feed_tests() {
  local project failed=0
  for project in eng/offline/tests/*/; do
    dotnet test "$project" --nologo --logger trx --results-directory "$results/$(basename "$project")" \
      --logger "console;verbosity=minimal" -nodeReuse:false || failed=1
  done
  return "$failed"
}

# count ATTRIBUTE: sums it over the result files.
count() {
  find "$results" -name '*.trx' -exec grep -ho '<Counters [^>]*' {} + |
    sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

require_dotnet
rm -rf "$results"
status=0
step "Packages" offline_feed
step "Tools" dotnet tool restore --verbosity quiet
step "Clients" clients
step "Build" build
step "Tests" tests || status=1
if uses_offline_feed; then step "Tests of the local feed" feed_tests || status=1; fi

total=$(count total) passed=$(count passed) failed=$(count failed)
((total > 0)) || fail "No test was run."
skipped=$((total - passed - failed))
say "$passed passed, $failed failed$( ((skipped == 0)) || echo ", $skipped skipped")"
exit "$status"
