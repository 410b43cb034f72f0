# Run by the job kafka-topics. Topics that are there keep their partitions: more of them would move keys to other partitions, out of order.
set -euo pipefail

readonly partitions=12 days=7 dead_letter_partitions=3 dead_letter_days=30
readonly tools=${KAFKA_TOOLS:-/opt/kafka/bin}
client=()
[[ ! -f /client/client.properties ]] || client=(--command-config /client/client.properties)

# topic NAME PARTITIONS DAYS
topic() {
  "$tools/kafka-topics.sh" --bootstrap-server "$KAFKA_BOOTSTRAP" "${client[@]}" --create --if-not-exists --topic "$1" \
    --partitions "$2" --replication-factor "$REPLICATION_FACTOR"
  "$tools/kafka-configs.sh" --bootstrap-server "$KAFKA_BOOTSTRAP" "${client[@]}" --alter --entity-type topics --entity-name "$1" \
    --add-config "retention.ms=$(($3 * 24 * 60 * 60 * 1000)),min.insync.replicas=$MIN_INSYNC_REPLICAS"
}

for name in task-updates book-updates order-events product-events notifications; do
  topic "$name" "$partitions" "$days"
  topic "$name.dlq" "$dead_letter_partitions" "$dead_letter_days"
done
