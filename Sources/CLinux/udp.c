#include "addresses.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ECT_0 = 2, ECN_BITS = 3 };

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

// Room for what comes or goes beside a datagram: where it is from or for, and its ECN mark.
union control {
    struct cmsghdr aligned;
    uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo)) +
                  2 * CMSG_SPACE(sizeof(int))];
};

struct clinux_batch {
    uint32_t capacity;
    uint32_t datagram_bytes;
    struct mmsghdr *headers;
    struct iovec *vectors;
    struct sockaddr_storage *storage;
    clinux_address *addresses;
    clinux_address *locals;
    bool *unmarked;
    union control *controls;
    uint8_t *bytes;
};

clinux_batch *clinux_batch_make(uint32_t capacity, uint32_t datagram_bytes) {
    clinux_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL) return NULL;
    batch->capacity = capacity;
    batch->datagram_bytes = datagram_bytes;
    batch->headers = calloc(capacity, sizeof *batch->headers);
    batch->vectors = calloc(capacity, sizeof *batch->vectors);
    batch->storage = calloc(capacity, sizeof *batch->storage);
    batch->addresses = calloc(capacity, sizeof *batch->addresses);
    batch->locals = calloc(capacity, sizeof *batch->locals);
    batch->unmarked = calloc(capacity, sizeof *batch->unmarked);
    batch->controls = calloc(capacity, sizeof *batch->controls);
    batch->bytes = calloc(capacity, datagram_bytes);
    if (!batch->headers || !batch->vectors || !batch->storage || !batch->addresses || !batch->locals ||
        !batch->unmarked || !batch->controls || !batch->bytes) {
        clinux_batch_free(batch);
        return NULL;
    }
    for (uint32_t index = 0; index < capacity; index++) {
        batch->vectors[index].iov_base = clinux_batch_bytes(batch, index);
        batch->vectors[index].iov_len = datagram_bytes;
        batch->headers[index].msg_hdr.msg_iov = &batch->vectors[index];
        batch->headers[index].msg_hdr.msg_iovlen = 1;
        batch->headers[index].msg_hdr.msg_name = &batch->storage[index];
    }
    return batch;
}

void clinux_batch_free(clinux_batch *batch) {
    if (batch == NULL) return;
    free(batch->headers);
    free(batch->vectors);
    free(batch->storage);
    free(batch->addresses);
    free(batch->locals);
    free(batch->unmarked);
    free(batch->controls);
    free(batch->bytes);
    free(batch);
}

uint8_t *clinux_batch_bytes(clinux_batch *batch, uint32_t index) {
    return batch->bytes + (size_t)index * batch->datagram_bytes;
}

uint32_t clinux_batch_length(const clinux_batch *batch, uint32_t index) {
    return batch->headers[index].msg_len;
}

void clinux_batch_set_length(clinux_batch *batch, uint32_t index, uint32_t length) {
    batch->vectors[index].iov_len = length;
}

bool clinux_batch_is_truncated(const clinux_batch *batch, uint32_t index) {
    return (batch->headers[index].msg_hdr.msg_flags & MSG_TRUNC) != 0;
}

clinux_address clinux_batch_address(const clinux_batch *batch, uint32_t index) {
    return clinux_address_read(&batch->storage[index]);
}

void clinux_batch_set_address(clinux_batch *batch, uint32_t index, clinux_address address) {
    batch->addresses[index] = address;
}

clinux_address clinux_batch_local(const clinux_batch *batch, uint32_t index) {
    clinux_address local = {0};
    struct msghdr *header = &batch->headers[index].msg_hdr;
    for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item != NULL; item = CMSG_NXTHDR(header, item)) {
        if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(item), sizeof info);
            struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = info.ipi_spec_dst};
            local = clinux_address_read(&v4);
        } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(item), sizeof info);
            struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = info.ipi6_addr};
            local = clinux_address_read(&v6);
        }
    }
    return local;
}

uint8_t clinux_batch_mark(const clinux_batch *batch, uint32_t index) {
    int mark = 0;
    struct msghdr *header = &batch->headers[index].msg_hdr;
    for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item != NULL; item = CMSG_NXTHDR(header, item)) {
        if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_TOS) {
            mark = *CMSG_DATA(item);  // One byte, unlike what is sent (ip(7)).
        } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_TCLASS) {
            memcpy(&mark, CMSG_DATA(item), sizeof mark);
        }
    }
    return (uint8_t)(mark & ECN_BITS);
}

void clinux_batch_set_local(clinux_batch *batch, uint32_t index, clinux_address local, bool is_marked) {
    batch->locals[index] = local;
    batch->unmarked[index] = !is_marked;
}

// Adds an item to what goes beside a datagram; `controls` has room for all that write_control adds.
static void add_control(struct msghdr *header, union control *control, int level, int type, const void *data,
                        size_t count) {
    struct cmsghdr *item = (struct cmsghdr *)(control->bytes + header->msg_controllen);
    item->cmsg_level = level;
    item->cmsg_type = type;
    item->cmsg_len = CMSG_LEN(count);
    memcpy(CMSG_DATA(item), data, count);
    header->msg_control = control;
    header->msg_controllen += CMSG_SPACE(count);
}

// Says which of our addresses a datagram is from, and takes the socket's mark off. A socket of IPv6 takes an IPv4
// address mapped (ip_cmsg_send).
static void write_control(clinux_batch *batch, uint32_t index, uint16_t family) {
    struct msghdr *header = &batch->headers[index].msg_hdr;
    union control *control = &batch->controls[index];
    const clinux_address *local = &batch->locals[index];
    header->msg_control = NULL;
    header->msg_controllen = 0;
    if (local->family != 0 && (family == 6 || local->family == 4)) {
        struct sockaddr_storage storage = {0};
        clinux_address_write(local, family, &storage);
        if (family == 4) {
            struct in_pktinfo info = {.ipi_spec_dst = ((struct sockaddr_in *)&storage)->sin_addr};
            add_control(header, control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
        } else {
            struct in6_pktinfo info = {.ipi6_addr = ((struct sockaddr_in6 *)&storage)->sin6_addr};
            add_control(header, control, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
        }
    }
    if (batch->unmarked[index]) {
        int none = 0;
        if (batch->addresses[index].family == 4) {
            add_control(header, control, IPPROTO_IP, IP_TOS, &none, sizeof none);
        } else {
            add_control(header, control, IPPROTO_IPV6, IPV6_TCLASS, &none, sizeof none);
        }
    }
}

int clinux_receive(int descriptor, clinux_batch *batch) {
    for (uint32_t index = 0; index < batch->capacity; index++) {
        batch->headers[index].msg_hdr.msg_namelen = sizeof batch->storage[index];
        batch->headers[index].msg_hdr.msg_control = &batch->controls[index];
        batch->headers[index].msg_hdr.msg_controllen = sizeof batch->controls[index];
    }
    int count = recvmmsg(descriptor, batch->headers, batch->capacity, MSG_DONTWAIT, NULL);
    return count < 0 ? -errno : count;
}

int clinux_send(int descriptor, uint16_t family, clinux_batch *batch, uint32_t first, uint32_t end) {
    for (uint32_t index = first; index < end; index++) {
        batch->headers[index].msg_hdr.msg_namelen =
            clinux_address_write(&batch->addresses[index], family, &batch->storage[index]);
        write_control(batch, index, family);
    }
    int count = sendmmsg(descriptor, batch->headers + first, end - first, MSG_DONTWAIT);
    return count < 0 ? -errno : count;
}
