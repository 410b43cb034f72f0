# shellcheck shell=bash disable=SC2034,SC2154 # the parts of feed.sh share their variables
# What every part of feed.sh uses: messages, places, the lock, a job in the background.

readonly started=$EPOCHREALTIME

readonly feed=$root/artifacts/offline-feed
readonly logs=$root/artifacts/offline-build/log
readonly cache=${XDG_CACHE_HOME:-$HOME/.cache}/realtime-suite/offline
# NuGet's own environment variable outranks the generated NuGet.config.
readonly packages_folder=${NUGET_PACKAGES:-$cache/packages}

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

say() {
    printf 'offline feed: %s\n' "$1" >&2
}

# fail SENTENCE [EXIT CODE]
fail() {
    printf 'offline feed: error: %s\n' "$1" >&2
    exit "${2:-1}"
}

# fail_with_log SENTENCE LOG: the log's last lines tell why.
fail_with_log() {
    { grep -E "error|Error|ERROR" -- "$2" || tail -n 20 -- "$2"; } | awk "!seen[\$0]++" | head -n 10 | sed 's/^/    /' >&2 || true
    fail "$1 (the whole log: $2)"
}

# seconds_since [EPOCHREALTIME of the start], with one decimal
seconds_since() {
    local now=$EPOCHREALTIME
    local tenths=$(((${now/[.,]/} - ${1/[.,]/}) / 100000))
    printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

seconds_since_start() {
    seconds_since "$started"
}

# require_tools COMMAND:DEBIAN-PACKAGE...: installs what is not there, or says what to install.
require_tools() {
    local pair packages=()
    for pair in "$@"; do
        command -v "${pair%%:*}" > /dev/null && continue
        [[ ${pair##*:} != - ]] || fail "'${pair%%:*}' is not on the PATH; install the .NET SDK"
        [[ " ${packages[*]} " == *" ${pair##*:} "* ]] || packages+=("${pair##*:}")
    done
    install_debian_packages "${packages[@]}"
}

install_debian_packages() {
    (($# > 0)) || return 0
    if ! command -v apt-get > /dev/null || ((EUID != 0)); then
        fail "something that the build needs is not installed: on Debian, 'apt-get install $*' as root"
    fi
    say "installing $*"
    mkdir -p "$logs"
    local log=$logs/apt.log
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } > "$log" 2>&1 9>&- ||
        fail_with_log "could not install $*" "$log"
}

# One run at a time: the cache is shared by every clone of this user. Programs that a step starts and that may
# outlive it are started without file descriptor 9, or they would keep the lock.
lock_cache() {
    mkdir -p "$cache"
    exec 9> "$cache/lock"
    if ! flock --nonblock 9; then
        say "another run is at work; waiting for it"
        flock 9
    fi
    rm -rf -- "$cache/tmp" # of a run that was interrupted
    mkdir -p "$cache/tmp"
    trap 'stop_jobs; rm -rf -- "$cache/tmp"' EXIT
}

dotnet() {
    command dotnet "$@" 9>&-
}

hash_text() {
    local sum
    sum=$(sha256sum)
    printf '%s' "${sum:0:32}"
}

# hash_folders FOLDER...: by relative paths and contents; build output does not count.
hash_folders() {
    local folder
    for folder in "$@"; do
        (
            cd -- "$folder" || exit
            find . \( -name bin -o -name obj \) -type d -prune -o -type f -print0 | LC_ALL=C sort -z |
                xargs -0 --no-run-if-empty sha256sum
        )
    done | hash_text
}

declare -A jobs=() # name of a job that runs -> its process group

# start_job NAME FUNCTION ARGUMENT...: in the background, in a process group of its own, so that all of it can be
# stopped, and with the errors of bash's -e ending it.
start_job() {
    local name=$1
    shift
    set -m
    (
        trap - EXIT
        exec 9>&-
        "$@"
    ) &
    jobs[$name]=$!
    set +m
}

# finish_job NAME: waits for it; its exit code is in 'finished'.
finish_job() {
    finished=0
    wait "${jobs[$1]}" || finished=$?
    unset "jobs[$1]"
}

stop_jobs() {
    local name
    for name in "${!jobs[@]}"; do
        kill -- "-${jobs[$name]}" 2> /dev/null || true
        wait "${jobs[$name]}" 2> /dev/null || true
    done
}
