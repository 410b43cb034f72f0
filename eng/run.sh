#!/usr/bin/env bash
# Starts the whole suite: sets up what is missing, builds, runs the AppHost, prints the addresses and the demo login.
# Stays in the foreground; Ctrl-C or SIGTERM ends everything. Arguments go to the AppHost, for example --backing external.
#
# Ports, where free: WEB_PORT 5000, API_PORT 8000, GATEWAY_PORT 8080, NOTIFICATIONS_PORT 8010, DASHBOARD_PORT 18888.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    is_free "$port" && break
  done
  echo "$port"
}

# port NAME DEFAULT: the port asked for by the variable NAME, else the default if it is free, else a free one.
port() {
  local asked=${!1:-}
  if [[ -n $asked ]]; then
    is_free "$asked" || fail "The port $asked, asked for by $1, is taken."
    echo "$asked"
  elif is_free "$2"; then
    echo "$2"
  else
    free_port
  fi
}

build() { dotnet build AppHost --nologo --verbosity quiet -nodeReuse:false; }

require_dotnet
step "Packages" offline_feed
step "Build" build

web=$(port WEB_PORT 5000)
api=$(port API_PORT 8000)
gateway=$(port GATEWAY_PORT 8080)
notifications=$(port NOTIFICATIONS_PORT 8010)
dashboard=$(port DASHBOARD_PORT 18888)

# Containers need the real packages; with the substitutes the suite brings its own servers, unless told otherwise.
arguments=("$@")
if uses_offline_feed && [[ "$*" != *[Bb]acking* ]]; then arguments+=(--Backing=embedded); fi

export ASPNETCORE_ENVIRONMENT=Development DOTNET_ENVIRONMENT=Development
export ASPNETCORE_URLS="http://localhost:$dashboard"
export ASPIRE_ALLOW_UNSECURED_TRANSPORT=true ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true
ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL="http://localhost:$(free_port)"
ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL="http://localhost:$(free_port)"
export ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL

# In place of this shell, so that a signal to it reaches the AppHost.
exec artifacts/bin/AppHost/debug/AppHost \
  --Ports:Web="$web" --Ports:Api="$api" --Ports:Gateway="$gateway" --Ports:Notifications="$notifications" \
  --RunFile="$repository/artifacts/run.json" --FirstEvent=true \
  "${arguments[@]}"
