#!/usr/bin/env bash
# Looks for packages with known vulnerabilities, of .NET and of npm, what they bring with them too. A registry is first asked for a
# package that is known to be vulnerable: one that does not know it is no judge, and that is said. Ends with 1 when something was found,
# with 2 when nothing was found but not everything could be looked at.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

found=0 unknown=0
probe=$(mktemp -d)
readonly probe
trap 'rm -rf "$probe"' EXIT

not_checked() {
  say "Not checked: $1"
  unknown=1
}

# vulnerable FOLDER: what the registry says of the packages there.
vulnerable() { dotnet list "$1" package --vulnerable --include-transitive 2>&1; }

# GHSA-hh2w-p6rv-4g7w
knows_nuget() {
  mkdir -p "$probe/nuget"
  cat >"$probe/nuget/Probe.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup><PackageReference Include="System.Text.Json" Version="8.0.0" /></ItemGroup>
</Project>
XML
  dotnet restore "$probe/nuget" --verbosity quiet >/dev/null 2>&1 && vulnerable "$probe/nuget/Probe.csproj" | grep -q GHSA
}

audit_nuget() {
  if ! knows_nuget; then
    not_checked "the .NET packages. The registry here has no data on vulnerabilities; run this where nuget.org is reached."
    return
  fi
  dotnet restore RealtimeSuite.sln --verbosity quiet >/dev/null
  local answer
  answer=$(vulnerable RealtimeSuite.sln)
  if grep -q 'has the following vulnerable packages' <<<"$answer"; then
    grep -v 'has no vulnerable packages' <<<"$answer"
    found=1
  else
    say "No .NET package with a known vulnerability."
  fi
}

# GHSA-p6mc-m468-83gw
knows_npm() {
  mkdir -p "$probe/npm"
  (cd "$probe/npm" && npm install --silent --package-lock-only lodash@4.17.15 && npm audit --package-lock-only || true) 2>&1 |
    grep -q GHSA
}

audit_npm() {
  if ! command -v npm >/dev/null; then
    not_checked "the npm packages. There is no npm here."
  elif ! knows_npm; then
    not_checked "the npm packages. The registry here has no data on vulnerabilities; run this where npm's own registry is reached."
  else
    local lock
    for lock in $(git ls-files '*package-lock.json'); do
      say "npm: $(dirname "$lock")"
      npm audit --package-lock-only --prefix "$(dirname "$lock")" || found=1
    done
  fi
}

require_dotnet
step "Packages" offline_feed
audit_nuget
audit_npm
((found == 0)) || exit 1
((unknown == 0)) || exit 2
