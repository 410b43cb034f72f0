# shellcheck shell=bash disable=SC2034,SC2154 # the parts of feed.sh share their variables
# The Aspire CLI with the dashboard and DCP that it carries, unpacked:
#
#   bin/aspire       starts the CLI with this folder as its home, so that nothing is written to the user's
#   cli/aspire       the CLI itself
#   bundle/          managed/aspire-managed (the dashboard, a single-file application) and dcp/dcp

readonly aspire_cli=@microsoft/aspire-cli-linux-x64

aspire_folder() {
    printf '%s' "$cache/aspire/${version[$aspire_cli]}-$(hash_text < "$here/lib/aspire.sh")"
}

unpack_aspire() {
    local target
    target=$(aspire_folder)
    if [[ -x $target/bin/aspire && -x $target/cli/aspire && -x $target/bundle/managed/aspire-managed ]]; then
        return 0
    fi

    local tarball since folder=$cache/tmp/aspire
    tarball=$(fetch_npm "$aspire_cli")
    since=$EPOCHREALTIME
    rm -rf -- "$folder" "$cache/tmp/home"
    mkdir -p "$folder/bin" "$folder/cli" "$cache/tmp/home"
    tar --extract --gzip --file "$tarball" --directory "$folder/cli" --strip-components=2 package/bin/aspire

    # The CLI unpacks what it carries. It writes its settings and logs to its home.
    local log=$cache/tmp/aspire.log
    (
        cd "$cache/tmp"
        export HOME=$cache/tmp/home ASPIRE_HOME=$folder ASPIRE_CLI_TELEMETRY_OPTOUT=1
        "$folder/cli/aspire" setup --install-path "$folder" --non-interactive --nologo
        # No look for a newer version at every start.
        "$folder/cli/aspire" config set --global features.updateNotificationsEnabled false --non-interactive --nologo
    ) > "$log" 2>&1 9>&- || fail_with_log "the Aspire CLI could not unpack its bundle" "$log"
    [[ -x $folder/bundle/managed/aspire-managed && -x $folder/bundle/dcp/dcp ]] ||
        fail_with_log "the Aspire CLI unpacked something else than expected" "$log"
    # The link that it made is absolute, and the folder moves.
    ln -sfn "versions/$(basename -- "$(readlink "$folder/bundle")")" "$folder/bundle"
    rm -rf -- "$folder/logs" "$cache/tmp/home"

    cat > "$folder/bin/aspire" << 'EOF'
#!/bin/sh
home=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd) || exit 1
ASPIRE_HOME=${ASPIRE_HOME:-$home} ASPIRE_CLI_TELEMETRY_OPTOUT=${ASPIRE_CLI_TELEMETRY_OPTOUT:-1}
export ASPIRE_HOME ASPIRE_CLI_TELEMETRY_OPTOUT
exec "$home/cli/aspire" "$@"
EOF
    chmod +x "$folder/bin/aspire"

    mkdir -p "$cache/aspire"
    rm -rf -- "$target"
    mv -T "$folder" "$target"
    rm -f -- "$tarball"
    say "unpacked the Aspire CLI ${version[$aspire_cli]} and its dashboard ($(seconds_since "$since") s)"
}

# Links the CLI into the feed for the AppHost, when a package of the feed needs it.
link_aspire() {
    local id
    for id in "${!missing[@]}"; do
        if [[ ${needed[$id]} == *" $aspire_cli "* && ${kind[$id]} == substitute ]]; then
            unpack_aspire
            ln -sfn "$(aspire_folder)" "$feed/aspire"
            return 0
        fi
    done
    rm -f -- "$feed/aspire"
}
