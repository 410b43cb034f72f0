#!/usr/bin/env bash
# Sets up what is missing, builds everything with warnings as errors, runs every test, and ends with "N passed, N failed".
# With --faults [NUMBERS, such as 2,4] it runs the fault scenarios instead, at full measure, and writes docs/reliability.md: about 15 minutes.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

readonly results=artifacts/test-results

# Clients in other languages, for the tests that connect as their users do, and the schemas that deployments are checked against.
clients() {
  debian_packages curl python3-websockets redis-server redis-tools chromium nginx prometheus
  if command -v npm >/dev/null; then
    npm install --prefix artifacts/clients --no-save --silent --no-audit --no-fund ws@8.18.3 >/dev/null
  fi
  if has_node_20; then
    npm ci --prefix clients/typescript --silent --no-audit --no-fund >/dev/null
    npm ci --prefix tests/Deploy.Tests/Schemas --silent --no-audit --no-fund >/dev/null
  fi
}

has_node_20() { command -v npm >/dev/null && [[ $(node --version) =~ ^v([0-9]+) ]] && ((BASH_REMATCH[1] >= 20)); }

build() { dotnet build RealtimeSuite.sln --nologo --verbosity quiet -warnaserror -nodeReuse:false; }

# A test that hangs is ended and counted as failed.
tests() {
  dotnet test RealtimeSuite.sln --no-build --nologo --logger trx --results-directory "$results/suite" \
    -maxCpuCount:1 --logger "console;verbosity=minimal" --blame-hang-timeout 10m --blame-hang-dump-type none
}

# The TypeScript client by itself; the suite's tests try it against the gateway.
typescript_tests() {
  if ! has_node_20; then
    say "The TypeScript client is not tested: that needs Node.js 20 or later, with npm."
    return 0
  fi
  (
    npm run --silent lint --prefix Web/Browser &&
      cd clients/typescript &&
      npm run --silent check && npm run --silent lint &&
      npm test --silent -- --reporter=dot --reporter=junit --outputFile.junit="$repository/$results/typescript/junit.xml"
  )
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

# fault_tests SCENARIOS: their numbers, or all.
fault_tests() {
  FAULTS=$1 dotnet test tests/Faults --no-build --nologo --logger trx --results-directory "$results/faults" \
    --logger "console;verbosity=detailed"
}

every_test() {
  step "Clients" clients
  step "Build" build
  step "Tests of the TypeScript client" typescript_tests || status=1
  step "Tests" tests || status=1
  if uses_offline_feed; then step "Tests of the local feed" feed_tests || status=1; fi
}

# sum FILES ELEMENT ATTRIBUTE: adds up a number over the result files.
sum() {
  find "$results" -name "$1" -exec grep -ho "<$2 [^>]*" {} + |
    sed -n "s/.* $3=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

# Results of .NET are in .trx files, those of the TypeScript client in JUnit's form.
trx() { sum '*.trx' Counters "$1"; }
junit() { sum '*.xml' testsuite "$1"; }

require_dotnet
rm -rf "$results"
status=0
step "Packages" offline_feed
step "Tools" dotnet tool restore --verbosity quiet
case ${1:-} in
  "") every_test ;;
  --faults)
    step "Build" build
    step "Faults" fault_tests "${2:-all}" || status=1
    ;;
  *) fail "Usage: eng/test.sh [--faults [NUMBERS]]" ;;
esac

total=$(($(trx total) + $(junit tests)))
failed=$(($(trx failed) + $(junit failures) + $(junit errors)))
skipped=$(($(trx total) - $(trx passed) - $(trx failed) + $(junit skipped)))
passed=$((total - failed - skipped))
((total > 0)) || fail "No test was run."
say "$passed passed, $failed failed$( ((skipped == 0)) || echo ", $skipped skipped")"
exit "$status"
