#include "addresses.h"

#include <endian.h>
#include <netdb.h>
#include <string.h>

clinux_address clinux_address_read(const void *socket_address) {
    clinux_address address = {0};
    const struct sockaddr *any = socket_address;
    if (any == NULL) return address;
    if (any->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, any, sizeof v4);
        address.family = 4;
        address.low = ntohl(v4.sin_addr.s_addr);
        address.port = ntohs(v4.sin_port);
    } else if (any->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, any, sizeof v6);
        uint64_t halves[2];
        memcpy(halves, &v6.sin6_addr, sizeof halves);
        address.port = ntohs(v6.sin6_port);
        address.low = be64toh(halves[1]);
        if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
            // A dual-stack socket shows IPv4 peers so. One form for one peer, else it would have two entries in tables.
            address.family = 4;
            address.low &= 0xffffffff;
        } else {
            address.family = 6;
            address.high = be64toh(halves[0]);
            address.scope = v6.sin6_scope_id;
        }
    }
    return address;
}

socklen_t clinux_address_write(const clinux_address *address, uint16_t family, void *name) {
    if (address->family == 4 && family == 4) {
        struct sockaddr_in v4 = {
            .sin_family = AF_INET,
            .sin_port = htons(address->port),
            .sin_addr.s_addr = htonl((uint32_t)address->low),
        };
        memcpy(name, &v4, sizeof v4);
        return sizeof v4;
    }
    bool mapped = address->family == 4;
    uint64_t halves[2] = {
        htobe64(mapped ? 0 : address->high),
        htobe64(mapped ? 0xffff00000000 | (address->low & 0xffffffff) : address->low),
    };
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
    v6.sin6_scope_id = mapped ? 0 : address->scope;
    memcpy(&v6.sin6_addr, halves, sizeof halves);
    memcpy(name, &v6, sizeof v6);
    return sizeof v6;
}

int clinux_resolve(const char *host, uint16_t port, bool numeric_only, clinux_address *found, int capacity) {
    // Without AI_ADDRCONFIG: it hides 127.0.0.1 and ::1 on a machine that has only its loopback interface.
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_DGRAM,
        .ai_flags = numeric_only ? AI_NUMERICHOST : 0,
    };
    struct addrinfo *list = NULL;
    int result = getaddrinfo(host, NULL, &hints, &list);
    if (result != 0) return result;
    int count = 0;
    for (struct addrinfo *item = list; item != NULL && count < capacity; item = item->ai_next) {
        clinux_address address = clinux_address_read(item->ai_addr);
        if (address.family == 0) continue;
        address.port = port;
        found[count++] = address;
    }
    freeaddrinfo(list);
    return count;
}
