# Shared by run.sh and test.sh: what must be on the machine before anything is built. Sourced, not run.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly repository
cd "$repository" || exit 1

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# now_ms: milliseconds, for measuring steps.
now_ms() { date +%s%3N; }

# step NAME COMMAND...: runs the command and says how long it took.
step() {
  local name=$1 started
  shift
  started=$(now_ms)
  "$@" || return
  awk -v name="$name" -v ms="$(($(now_ms) - started))" 'BEGIN { printf "%-34s %6.1f s\n", name, ms / 1000 }'
}

require_dotnet() {
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is needed: install it and run this again."
  dotnet --version >/dev/null 2>&1 || fail "The .NET SDK that global.json asks for (10.0) is not installed."
}

# debian_packages NAME...: installs those that are missing, when the machine is a Debian and we may.
debian_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || return 0
  if [[ $(id -u) -ne 0 ]]; then
    say "Some tests are skipped without these Debian packages: ${missing[*]} (install them as root)."
    return 0
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null 2>&1 ||
    { apt-get update -qq >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null; }
}

# The packages that the configured registry lacks, made locally; nothing to do where it has them all.
offline_feed() { [[ ! -x eng/offline/feed.sh ]] || eng/offline/feed.sh; }

# True when this clone builds against the local feed.
uses_offline_feed() { [[ -f NuGet.config ]]; }
