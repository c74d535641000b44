// Addresses between the files of this target; not seen by Swift.
#ifndef CLINUX_ADDRESSES_H
#define CLINUX_ADDRESSES_H

#include "clinux.h"

#include <netinet/in.h>
#include <sys/socket.h>

/// The address of a datagram's other end; much shorter than `struct sockaddr_storage`, and a batch holds hundreds.
union clinux_name {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/// Writes the address as a socket of `family` (4 or 6) wants it and returns its length. IPv4 is mapped for an IPv6
/// socket; IPv6 stays IPv6 for an IPv4 socket, and the kernel refuses it with EAFNOSUPPORT.
socklen_t clinux_address_write(const clinux_address *address, uint16_t family, void *name);

#endif
