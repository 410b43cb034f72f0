# shellcheck shell=bash disable=SC2034,SC2154 # the parts of feed.sh share their variables
# Fetches the npm packages of the table. Their scripts are never run.

# fetch_npm ID: the package's tarball, checked, as $cache/npm/<name>-<version>.tgz; prints its path.
fetch_npm() {
    local id=$1 tarball folder since=$EPOCHREALTIME file sum
    tarball=$cache/npm/${id##*/}-${version[$id]}.tgz
    if [[ ! -e $tarball ]]; then
        folder=$(mktemp -d "$cache/tmp/npm.XXXXXX")
        file=$(cd "$folder" && npm pack --silent --ignore-scripts "$id@${version[$id]}" 2> "$folder/log" 9>&-) ||
            fail "npm could not fetch $id@${version[$id]} from the configured registry: $(tail -n 1 "$folder/log")"
        sum=sha512-$(openssl dgst -sha512 -binary "$folder/${file##*$'\n'}" | base64 --wrap=0)
        [[ $sum == "${from[$id]}" ]] ||
            fail "$id@${version[$id]} has the integrity $sum; packages.tsv says ${from[$id]}"
        mkdir -p "$cache/npm"
        mv "$folder/${file##*$'\n'}" "$tarball"
        rm -rf -- "$folder"
        say "fetched $id ${version[$id]} ($(seconds_since "$since") s)"
    fi
    printf '%s\n' "$tarball"
}
