// Many datagrams on their way out, by one system call.
#include "addresses.h"

#include <errno.h>
#include <netinet/udp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

// A datagram's bytes begin on a line of the cache of their own.
enum { ALIGNMENT = 64 };
// The most segments of one message (UDP_MAX_SEGMENTS; newer kernels take more), and the most bytes that a datagram of
// IPv4 carries behind its headers.
enum { LONGEST_RUN = 64, LARGEST_RUN_BYTES = 65507 };

struct slot {
    clinux_address address;
    clinux_address local;
    union clinux_name name;
    uint8_t name_bytes;
    // The family that `name` is written for; 0 where it is not written.
    uint8_t name_family;
    bool is_marked;
    // Whether all but the bytes is as in the slot before, so that both may leave in one message.
    bool continues;
};

// What goes beside a message: where it is from, that it is not marked, and how long its segments are.
union control {
    struct cmsghdr aligned;
    uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(uint16_t))];
};

struct clinux_outbox {
    uint32_t capacity;
    uint32_t datagram_bytes;
    struct slot *slots;
    // Of the slots, so that neighbours can leave in one message as they are.
    struct iovec *vectors;
    // Of the messages, made anew by each call.
    struct mmsghdr *headers;
    union control *controls;
    // The datagrams back to back, each on a line of its own: short ones stay close together, and what no datagram has
    // reached yet takes no memory.
    uint8_t *bytes;
};

static size_t aligned(size_t count) {
    return (count + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

clinux_outbox *clinux_outbox_make(uint32_t capacity, uint32_t datagram_bytes) {
    clinux_outbox *box = calloc(1, sizeof *box);
    if (box == NULL) return NULL;
    box->capacity = capacity;
    box->datagram_bytes = datagram_bytes;
    box->slots = calloc(capacity, sizeof *box->slots);
    box->vectors = calloc(capacity, sizeof *box->vectors);
    box->headers = calloc(capacity, sizeof *box->headers);
    box->controls = calloc(capacity, sizeof *box->controls);
    box->bytes = aligned_alloc(ALIGNMENT, capacity * aligned(datagram_bytes));
    if (!box->slots || !box->vectors || !box->headers || !box->controls || !box->bytes) {
        clinux_outbox_free(box);
        return NULL;
    }
    return box;
}

void clinux_outbox_free(clinux_outbox *box) {
    if (box == NULL) return;
    free(box->slots);
    free(box->vectors);
    free(box->headers);
    free(box->controls);
    free(box->bytes);
    free(box);
}

uint8_t *clinux_outbox_room(clinux_outbox *box, uint32_t index) {
    if (index == 0) return box->bytes;
    // Never behind the end: each of those before takes at most as much as is there for one.
    const struct iovec *before = &box->vectors[index - 1];
    return (uint8_t *)before->iov_base + aligned(before->iov_len);
}

static bool is_same(const clinux_address *one, const clinux_address *other) {
    return one->low == other->low && one->port == other->port && one->family == other->family
        && one->high == other->high && one->scope == other->scope;
}

void clinux_outbox_put(clinux_outbox *box, uint32_t index, uint32_t length, const clinux_address *address,
                       const clinux_address *local, bool is_marked) {
    struct slot *slot = &box->slots[index];
    box->vectors[index] = (struct iovec){.iov_base = clinux_outbox_room(box, index), .iov_len = length};
    if (!is_same(&slot->address, address)) {
        slot->address = *address;
        slot->name_family = 0;
    }
    slot->local = *local;
    slot->is_marked = is_marked;
    const struct slot *before = slot - 1;
    slot->continues = index > 0 && is_same(&before->address, address) && is_same(&before->local, local)
        && before->is_marked == is_marked;
}

uint32_t clinux_outbox_run(const clinux_outbox *box, uint32_t first, uint32_t end) {
    size_t size = box->vectors[first].iov_len;
    size_t total = size;
    uint32_t count = 1;
    // A segment without bytes is none.
    while (size > 0 && count < LONGEST_RUN && first + count < end && box->slots[first + count].continues) {
        size_t length = box->vectors[first + count].iov_len;
        if (length == 0 || length > size || total + length > LARGEST_RUN_BYTES) break;
        total += length;
        count += 1;
        // Only the last one may be shorter.
        if (length < size) break;
    }
    return count;
}

// Adds an item to what goes beside a message; `control` has room for all that write_control adds.
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

// Says which of our addresses a message is from. A socket of IPv6 takes an IPv4 address mapped (ip_cmsg_send).
static void write_local(struct msghdr *header, union control *control, const clinux_address *local, uint16_t family) {
    union clinux_name name = {0};
    clinux_address_write(local, family, &name);
    if (family == 4) {
        struct in_pktinfo info = {.ipi_spec_dst = name.v4.sin_addr};
        add_control(header, control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    } else {
        struct in6_pktinfo info = {.ipi6_addr = name.v6.sin6_addr};
        add_control(header, control, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    }
}

// Most messages need nothing of it: the address they leave from, that the socket's mark is off, that they are several.
static void write_control(struct msghdr *header, union control *control, const struct slot *slot, uint16_t family,
                          size_t segment_bytes) {
    const clinux_address *local = &slot->local;
    if (local->family != 0 && (family == 6 || local->family == 4)) write_local(header, control, local, family);
    if (!slot->is_marked) {
        int none = 0;
        if (slot->address.family == 4) {
            add_control(header, control, IPPROTO_IP, IP_TOS, &none, sizeof none);
        } else {
            add_control(header, control, IPPROTO_IPV6, IPV6_TCLASS, &none, sizeof none);
        }
    }
    if (segment_bytes > 0) {
        uint16_t size = (uint16_t)segment_bytes;
        add_control(header, control, SOL_UDP, UDP_SEGMENT, &size, sizeof size);
    }
}

// Makes one message of `count` datagrams from `first` on.
static void write_message(clinux_outbox *box, uint32_t message, uint32_t first, uint32_t count, uint16_t family) {
    struct slot *slot = &box->slots[first];
    if (slot->name_family != family) {
        slot->name_bytes = (uint8_t)clinux_address_write(&slot->address, family, &slot->name);
        slot->name_family = (uint8_t)family;
    }
    struct msghdr *header = &box->headers[message].msg_hdr;
    *header = (struct msghdr){
        .msg_name = &slot->name,
        .msg_namelen = slot->name_bytes,
        .msg_iov = &box->vectors[first],
        .msg_iovlen = count,
    };
    if (slot->local.family != 0 || !slot->is_marked || count > 1) {
        write_control(header, &box->controls[message], slot, family, count > 1 ? box->vectors[first].iov_len : 0);
    }
}

int clinux_send(int descriptor, uint16_t family, clinux_outbox *box, uint32_t first, uint32_t end, bool merges) {
    uint32_t messages = 0;
    for (uint32_t index = first; index < end; messages++) {
        uint32_t count = merges ? clinux_outbox_run(box, index, end) : 1;
        write_message(box, messages, index, count, family);
        index += count;
    }
    int sent = sendmmsg(descriptor, box->headers, messages, MSG_DONTWAIT);
    if (sent < 0) return -errno;
    int datagrams = 0;
    for (int message = 0; message < sent; message++) datagrams += (int)box->headers[message].msg_hdr.msg_iovlen;
    return datagrams;
}
