#!/bin/sh
# Opens the chat with a limit, for firewalld; the services beside this file must be in /etc/firewalld/services/.
#
#     limited.sh server|client [zone]
#
# firewalld's limits are for all strangers together, not for each address, so the server's is what it can answer: it
# gives out 20,000 Retries a second, and limits each address by itself. Only what comes before the first answer is
# counted; members are not.
set -eu

role=${1:-}
zone=${2:-$(firewall-cmd --get-default-zone)}
case $role in
server) rate=20000/s ;;
client) rate=10/s ;;
*)
    echo 'limited.sh: say server or client' >&2
    exit 64
    ;;
esac

firewall-cmd --permanent --zone "$zone" --remove-service "gaschat-$role" >/dev/null 2>&1 || true
for family in ipv4 ipv6; do
    firewall-cmd --permanent --zone "$zone" \
        --add-rich-rule "rule family=$family service name=gaschat-$role accept limit value=$rate"
done
firewall-cmd --reload
