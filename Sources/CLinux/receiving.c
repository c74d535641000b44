// Many datagrams that have come, by one system call.
#include "addresses.h"

#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

enum { ECN_BITS = 3 };

// What comes beside a message: which of our addresses it is for, in both families on a socket for both, its ECN mark,
// and how long the datagrams are that the kernel has put together.
union control {
    struct cmsghdr aligned;
    uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(struct in_pktinfo)) +
                  3 * CMSG_SPACE(sizeof(int))];
};

struct clinux_inbox {
    uint32_t capacity;
    uint32_t datagram_bytes;
    uint32_t buffer_bytes;
    // How many headers the kernel has written to since they were set.
    uint32_t used;
    struct mmsghdr *headers;
    struct iovec *vectors;
    union clinux_name *names;
    union control *controls;
    clinux_arrival *arrivals;
    uint8_t *bytes;
};

clinux_inbox *clinux_inbox_make(uint32_t capacity, uint32_t datagram_bytes, uint32_t buffer_bytes) {
    clinux_inbox *box = calloc(1, sizeof *box);
    if (box == NULL) return NULL;
    box->capacity = capacity;
    box->datagram_bytes = datagram_bytes;
    box->buffer_bytes = buffer_bytes;
    box->headers = calloc(capacity, sizeof *box->headers);
    box->vectors = calloc(capacity, sizeof *box->vectors);
    box->names = calloc(capacity, sizeof *box->names);
    box->controls = calloc(capacity, sizeof *box->controls);
    box->arrivals = calloc(capacity, sizeof *box->arrivals);
    box->bytes = calloc(capacity, buffer_bytes);
    if (!box->headers || !box->vectors || !box->names || !box->controls || !box->arrivals || !box->bytes) {
        clinux_inbox_free(box);
        return NULL;
    }
    for (uint32_t index = 0; index < capacity; index++) {
        uint8_t *bytes = box->bytes + (size_t)index * buffer_bytes;
        box->arrivals[index].bytes = bytes;
        box->vectors[index] = (struct iovec){.iov_base = bytes, .iov_len = buffer_bytes};
        box->headers[index].msg_hdr = (struct msghdr){
            .msg_name = &box->names[index],
            .msg_iov = &box->vectors[index],
            .msg_iovlen = 1,
            .msg_control = &box->controls[index],
        };
    }
    box->used = capacity;
    return box;
}

void clinux_inbox_free(clinux_inbox *box) {
    if (box == NULL) return;
    free(box->headers);
    free(box->vectors);
    free(box->names);
    free(box->controls);
    free(box->arrivals);
    free(box->bytes);
    free(box);
}

const clinux_arrival *clinux_inbox_arrival(const clinux_inbox *box, uint32_t index) {
    return &box->arrivals[index];
}

// Reads one item of what came beside a message.
static void read_item(struct cmsghdr *item, clinux_arrival *arrival) {
    int number = 0;
    if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
        struct in_pktinfo info;
        memcpy(&info, CMSG_DATA(item), sizeof info);
        struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr = info.ipi_spec_dst};
        arrival->local = clinux_address_read(&v4);
    } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
        struct in6_pktinfo info;
        memcpy(&info, CMSG_DATA(item), sizeof info);
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = info.ipi6_addr};
        arrival->local = clinux_address_read(&v6);
    } else if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_TOS) {
        arrival->mark = *CMSG_DATA(item) & ECN_BITS;  // One byte, unlike what is sent (ip(7)).
    } else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_TCLASS) {
        memcpy(&number, CMSG_DATA(item), sizeof number);
        arrival->mark = (uint8_t)(number & ECN_BITS);
    } else if (item->cmsg_level == SOL_UDP && item->cmsg_type == UDP_GRO) {
        memcpy(&number, CMSG_DATA(item), sizeof number);
        if (number > 0) arrival->segment_bytes = (uint32_t)number;
    }
}

static void read_message(clinux_inbox *box, uint32_t index) {
    struct msghdr *header = &box->headers[index].msg_hdr;
    clinux_arrival *arrival = &box->arrivals[index];
    arrival->length = box->headers[index].msg_len < box->buffer_bytes ? box->headers[index].msg_len : box->buffer_bytes;
    arrival->segment_bytes = 0;
    arrival->mark = 0;
    arrival->local.family = 0;
    for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item != NULL; item = CMSG_NXTHDR(header, item)) {
        read_item(item, arrival);
    }
    uint32_t longest = arrival->length;
    if (arrival->segment_bytes > 0 && arrival->segment_bytes < longest) longest = arrival->segment_bytes;
    bool is_whole = (header->msg_flags & MSG_TRUNC) == 0 && longest <= box->datagram_bytes;
    arrival->source.family = 0;
    if (is_whole && header->msg_namelen > 0) arrival->source = clinux_address_read(&box->names[index]);
    // Nobody can answer port 0.
    if (arrival->source.port == 0) arrival->source.family = 0;
}

int clinux_receive(int descriptor, clinux_inbox *box) {
    for (uint32_t index = 0; index < box->used; index++) {
        box->headers[index].msg_hdr.msg_namelen = sizeof box->names[index];
        box->headers[index].msg_hdr.msg_control = &box->controls[index];
        box->headers[index].msg_hdr.msg_controllen = sizeof box->controls[index];
    }
    box->used = 0;
    int count = recvmmsg(descriptor, box->headers, box->capacity, MSG_DONTWAIT, NULL);
    // An error may come after the kernel has begun to write to the first.
    box->used = count < 0 ? 1 : (uint32_t)count + ((uint32_t)count < box->capacity ? 1 : 0);
    for (int index = 0; index < count; index++) read_message(box, (uint32_t)index);
    return count < 0 ? -errno : count;
}
