#!/usr/bin/env bash
# Makes the folder feed artifacts/offline-feed: the packages that the configured NuGet sources do not serve.
# Where they serve all, it does nothing. See README.md.
#
#   feed.sh              make what is missing; later calls take about a second
#   feed.sh --refresh    the same, but ask the sources again instead of trusting an answer of the last day
#   feed.sh --list       print each package, its version, where it comes from and why; make nothing
set -euo pipefail

if [[ $(uname -s)-$(uname -m) != Linux-x86_64 ]]; then
    echo 'offline feed: nothing done: it can be made on 64-bit x86 Linux only; others need a complete NuGet source' >&2
    exit 0
fi

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)

# shellcheck source=lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=lib/table.sh
source "$here/lib/table.sh"
# shellcheck source=lib/registry.sh
source "$here/lib/registry.sh"
# shellcheck source=lib/npm.sh
source "$here/lib/npm.sh"
# shellcheck source=lib/aspire.sh
source "$here/lib/aspire.sh"
# shellcheck source=lib/librdkafka.sh
source "$here/lib/librdkafka.sh"
# shellcheck source=lib/packages.sh
source "$here/lib/packages.sh"

main() {
    local refresh='' list=''
    while (($#)); do
        case $1 in
            --refresh) refresh=yes ;;
            --list) list=yes ;;
            -h | --help)
                sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
                return 0
                ;;
            *) fail "unknown argument '$1'; try --help" 2 ;;
        esac
        shift
    done

    require_tools dotnet:- flock:util-linux sha256sum:coreutils
    read_table
    lock_cache
    find_missing "$refresh"

    if [[ $list ]]; then
        list_packages
    elif ((${#missing[@]} == 0)); then
        remove_feed
        say "nothing to do: the configured sources serve all ${#asked[@]} packages"
    else
        make_feed
    fi
}

# Prints the table as it applies here.
list_packages() {
    local id origin
    for id in "${asked[@]}"; do
        if [[ -z ${missing[$id]-} ]]; then
            origin="configured source"
        else
            case ${kind[$id]} in
                bundle) origin="repacked from npm ${from[$id]} ${version[${from[$id]}]}" ;;
                librdkafka) origin="compiled from npm ${from[$id]} ${version[${from[$id]}]}" ;;
                blazor) origin="packed around the script of the Aspire dashboard, eng/offline/${from[$id]}" ;;
                substitute) origin="substitute, eng/offline/${from[$id]}" ;;
            esac
        fi
        printf '%s\t%s\t%s\t%s\n' "$id" "${version[$id]}" "$origin" "${why[$id]}"
    done | {
        if command -v column > /dev/null; then column -t -s $'\t'; else cat; fi
    }
}

# Makes what is missing and not in the cache, and lays everything missing into the feed. A package that cannot be
# made withholds only itself and those that need it.
make_feed() {
    local id
    write_nuget_config
    mkdir -p "$feed"
    find_keys
    prepare_tools

    # The one long step runs beside the others; what needs it waits.
    if [[ ${missing[librdkafka.redist]-} ]] && ! is_cached librdkafka.redist; then
        start_job librdkafka.redist build_package librdkafka.redist
    fi
    for id in "${asked[@]}"; do
        if [[ ${missing[$id]-} && ! ${jobs[$id]-} ]]; then
            provide "$id"
        fi
    done
    if [[ ${jobs[librdkafka.redist]-} ]]; then
        provide librdkafka.redist
    fi

    link_aspire
    remove_strays
    prune_cache
    if ((${#unmade[@]} > 0)); then
        fail "not made: ${!unmade[*]}"
    fi
    say "ready: ${#missing[@]} packages, $made made now ($(seconds_since_start) s)"
}

declare -A unmade=() # ids that could not be made
made=0

# provide ID: makes it, if it is not in the cache, and lays it into the feed.
provide() {
    local id=$1 need
    for need in ${needed[$id]}; do
        if [[ ${jobs[$need]-} && $need != "$id" ]]; then
            provide "$need"
        fi
        if [[ ${unmade[$need]-} ]]; then
            unmade[$id]=yes
            return 0
        fi
    done

    if ! is_cached "$id"; then
        [[ ${jobs[$id]-} ]] || start_job "$id" build_package "$id"
        finish_job "$id"
        if ((finished != 0)); then
            unmade[$id]=yes
            return 0
        fi
        made=$((made + 1))
    fi
    install_package "$id"
}

main "$@"
