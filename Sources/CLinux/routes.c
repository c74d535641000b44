#include "addresses.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <unistd.h>

int clinux_routes_open(void) {
    int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (descriptor < 0) return -errno;
    // Links too: when one goes down, its IPv4 routes go without a message of their own.
    struct sockaddr_nl groups = {
        .nl_family = AF_NETLINK,
        .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE,
    };
    if (bind(descriptor, (struct sockaddr *)&groups, sizeof groups) == 0) return descriptor;
    int error = errno;
    close(descriptor);
    return -error;
}

int clinux_routes_take(int descriptor, int at_most) {
    int changed = 0;
    for (int count = 0; count < at_most; count++) {
        // What it says is cut off: that there is something is all that is wanted.
        char start;
        if (recv(descriptor, &start, sizeof start, MSG_DONTWAIT) >= 0) {
            changed = 1;
        } else if (errno == ENOBUFS) {
            changed = 1;  // Some were dropped (netlink(7)).
        } else if (errno == EAGAIN) {
            return changed;
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    return changed;
}

int clinux_route_source(const clinux_address *remote, clinux_address *local) {
    int descriptor = socket(remote->family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    struct sockaddr_storage storage = {0};
    socklen_t length = clinux_address_write(remote, remote->family, &storage);
    int result = connect(descriptor, (struct sockaddr *)&storage, length);
    if (result == 0) {
        length = sizeof storage;
        result = getsockname(descriptor, (struct sockaddr *)&storage, &length);
    }
    int error = errno;
    close(descriptor);
    if (result != 0) return -error;
    *local = clinux_address_read(&storage);
    return 0;
}
