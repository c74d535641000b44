#!/bin/bash
# A bot in bash and jq: greets whoever joins, and says again what comes after "!echo" in the room.
#
#   ./echo-bot.sh udp-client 192.0.2.7 8080 auto --name echo --password-file room.txt
#
# It is the client with --json between two pipes. What it never does: act on lines from before it came (history), answer
# its own lines (the client does not show them), or let others' words become commands: each line that it says begins
# with a name, and names begin with neither : nor /.
set -euo pipefail

if [ $# -eq 0 ]; then
    sed -n '2,4s/^#[ ]\{0,1\}//p' "$0" >&2
    exit 64
fi

coproc CHAT { exec "$@" --json; }
client=$CHAT_PID
exec {events}<&"${CHAT[0]}" {lines}>&"${CHAT[1]}"
told=
trap 'told=1; kill -TERM "$client" 2>/dev/null' INT TERM

jq --unbuffered --raw-output '
    # One line, whatever was in the text.
    def plain: gsub("[\\p{Cc}\\x{2028}\\x{2029}]+"; " ");
    select(.history | not)
    | if .event == "joined" then "\(.name): welcome!"
      elif .event == "message" and (.text | startswith("!echo ")) then "\(.from): \(.text[6:] | plain)"
      else empty end
' <&"$events" >&"$lines" &
answers=$!

# A signal ends a wait before the client has ended: that leaves the room first.
told=1
while [ -n "$told" ]; do
    told=
    wait "$client" && status=0 || status=$?
done
kill "$answers" 2>/dev/null || true
exit "$status"
