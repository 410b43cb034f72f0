# shellcheck shell=bash disable=SC2034,SC2154 # the parts of feed.sh share their variables
# Compiles librdkafka for linux-x64, with TLS, zstd, lz4 (its own copy), zlib and snappy, without Kerberos and
# without the OAuth flow that needs libcurl. Where the static libraries are at hand they are linked in, and the
# result needs nothing but libc; where they are not, it needs libssl, libzstd and zlib at run time.

# compile_librdkafka FOLDER: leaves librdkafka.so and LICENSES.txt in it.
compile_librdkafka() {
    local folder=$1 tarball log=$logs/librdkafka.log
    tarball=$(fetch_npm "${from[librdkafka.redist]}")
    mkdir -p "$folder/source" "$logs"
    tar --extract --gzip --file "$tarball" --directory "$folder/source" --strip-components=3 package/deps/librdkafka
    (
        cd "$folder/source"
        local name path
        for name in libssl libcrypto libzstd zlib; do
            path=$(gcc -print-file-name="lib${name#lib}.a")
            [[ $name != zlib ]] || path=$(gcc -print-file-name=libz.a)
            if [[ $path == /* ]]; then export "STATIC_LIB_$name=$path"; fi
        done
        ./configure --disable-c11threads --disable-gssapi --disable-curl --disable-lz4-ext \
            --enable-ssl --enable-zstd --enable-zlib
        # The linker script that hides all but the public functions is made by a Python script.
        make -j2 -C src
    ) > "$log" 2>&1 || fail_with_log "librdkafka could not be compiled" "$log"

    strip --strip-unneeded -o "$folder/librdkafka.so" "$folder/source/src/librdkafka.so.1"
    cp "$folder/source/LICENSES.txt" "$folder/"
    local symbols
    symbols=$(nm --dynamic --defined-only "$folder/librdkafka.so")
    for name in rd_kafka_new rd_kafka_topic_partition_get_leader_epoch rd_kafka_mock_cluster_new; do
        [[ $symbols == *" $name"* ]] || fail "the compiled librdkafka lacks $name"
    done
}
