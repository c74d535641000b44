#include "addresses.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

enum { ECT_0 = 2 };

static int set_option(int descriptor, int level, int name, int value) {
    return setsockopt(descriptor, level, name, &value, sizeof value);
}

// `is_bound`: somebody else has opened the socket, and what must be set before that is set for good.
static const char *configure(int descriptor, const clinux_address *wanted, int buffer_bytes, bool is_bound) {
    // The kernel grants at most net.core.[rw]mem_max; less than asked is no error.
    set_option(descriptor, SOL_SOCKET, SO_RCVBUF, buffer_bytes);
    set_option(descriptor, SOL_SOCKET, SO_SNDBUF, buffer_bytes);
    bool dual_stack = wanted->family == 6 && wanted->high == 0 && wanted->low == 0;
    // PROBE and not DO: the don't-fragment bit is set, but forged ICMP "fragmentation needed" can't shrink what we may
    // send (RFC 8899, section 4.6.1; path MTU discovery is the transport's business).
    if (wanted->family == 4 || dual_stack) {
        if (set_option(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE) != 0) return "IP_MTU_DISCOVER";
    }
    if (wanted->family == 6) {
        // Said in both directions, since net.ipv6.bindv6only changes the default.
        if (!is_bound && set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, dual_stack ? 0 : 1) != 0)
            return "IPV6_V6ONLY";
        if (set_option(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE) != 0)
            return "IPV6_MTU_DISCOVER";
    }
    // Marks of ECN (RFC 3168): the bits of what comes, and ECT(0) on all that goes. Without them it works as well.
    if (wanted->family == 4 || dual_stack) {
        set_option(descriptor, IPPROTO_IP, IP_RECVTOS, 1);
        set_option(descriptor, IPPROTO_IP, IP_TOS, ECT_0);
    }
    if (wanted->family == 6) {
        set_option(descriptor, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
        set_option(descriptor, IPPROTO_IPV6, IPV6_TCLASS, ECT_0);
    }
    // Only a socket that is bound to all addresses has to ask which one was meant. IPv6 sockets tell IPv4 ones too.
    if (wanted->high == 0 && wanted->low == 0) {
        if (wanted->family == 4) {
            if (set_option(descriptor, IPPROTO_IP, IP_PKTINFO, 1) != 0) return "IP_PKTINFO";
        } else if (set_option(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) != 0) {
            return "IPV6_RECVPKTINFO";
        }
    }
    return NULL;
}

int clinux_udp_open(const clinux_address *wanted, clinux_address *bound, int buffer_bytes, const char **failed_call) {
    int family = wanted->family == 6 ? AF_INET6 : AF_INET;
    *failed_call = "socket";
    int descriptor = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;

    const char *failed = configure(descriptor, wanted, buffer_bytes, false);
    struct sockaddr_storage storage = {0};
    if (failed == NULL) {
        socklen_t length = clinux_address_write(wanted, wanted->family, &storage);
        if (bind(descriptor, (struct sockaddr *)&storage, length) != 0) failed = "bind";
    }
    if (failed == NULL) {
        socklen_t length = sizeof storage;
        if (getsockname(descriptor, (struct sockaddr *)&storage, &length) != 0) failed = "getsockname";
    }
    if (failed != NULL) {
        int error = errno;
        close(descriptor);
        *failed_call = failed;
        return -error;
    }
    *bound = clinux_address_read(&storage);
    return descriptor;
}

int clinux_udp_adopt(int descriptor, clinux_address *bound, int buffer_bytes, const char **failed_call) {
    int type = 0;
    socklen_t length = sizeof type;
    *failed_call = "getsockopt";
    if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) != 0) return -errno;
    struct sockaddr_storage storage = {0};
    length = sizeof storage;
    *failed_call = "getsockname";
    if (getsockname(descriptor, (struct sockaddr *)&storage, &length) != 0) return -errno;
    *bound = clinux_address_read(&storage);
    if (type != SOCK_DGRAM || bound->family == 0 || bound->port == 0) return -EPROTOTYPE;
    *failed_call = "fcntl";
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) != 0) return -errno;
    if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) return -errno;
    // A socket for `[::]` that somebody opened for IPv6 alone takes the options of IPv4 just as well.
    const char *failed = configure(descriptor, bound, buffer_bytes, true);
    if (failed != NULL) {
        *failed_call = failed;
        return -errno;
    }
    return descriptor;
}

int clinux_udp_buffer_bytes(int descriptor, bool receive) {
    int value = 0;
    socklen_t length = sizeof value;
    if (getsockopt(descriptor, SOL_SOCKET, receive ? SO_RCVBUF : SO_SNDBUF, &value, &length) != 0) return -errno;
    // The kernel keeps twice what it grants, for its own bookkeeping (socket(7)).
    return value / 2;
}

int64_t clinux_udp_drops(int descriptor) {
    uint32_t values[SK_MEMINFO_VARS] = {0};
    socklen_t length = sizeof values;
    if (getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, values, &length) != 0) return -errno;
    if (length <= SK_MEMINFO_DROPS * sizeof *values) return -ENOPROTOOPT;
    return values[SK_MEMINFO_DROPS];
}

bool clinux_udp_cuts(int descriptor) {
    // Older kernels would send a long message as it is, so what they know is asked before.
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(descriptor, SOL_UDP, UDP_SEGMENT, &value, &length) == 0;
}

int clinux_udp_take_runs(int descriptor) {
    return set_option(descriptor, SOL_UDP, UDP_GRO, 1) == 0 ? 0 : -errno;
}
