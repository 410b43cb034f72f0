# Kills what a vanished host has left behind. Standard input is a pipe of which only the host holds the other end, so
# its end of file means the host is gone, however it went. $1: the run's temporary folder; in its folder "groups" is one
# file for each process group the host has started, named by its id. $2: seconds between SIGTERM and SIGKILL.
trap '' INT TERM HUP QUIT
while read -r _; do :; done

# Renamed first: a child that is just starting cannot register any more and gives up.
mv "$1/groups" "$1/closed" 2>/dev/null && cd "$1/closed" || exit 0

alive() {
    for group in *; do
        case $group in
            [0-9]*) if kill -s 0 -- "-$group" 2>/dev/null; then return 0; fi ;;
        esac
    done
    return 1
}

signal() {
    for group in *; do
        case $group in
            [0-9]*) kill -s "$1" -- "-$group" 2>/dev/null ;;
        esac
    done
}

if alive; then
    signal TERM
    left=$(($2 * 10))
    while [ "$left" -gt 0 ] && alive; do
        sleep 0.1
        left=$((left - 1))
    done
    signal KILL
fi
cd / && rm -rf "$1"
