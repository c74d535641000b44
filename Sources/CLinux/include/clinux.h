// The Linux calls that Swift's Glibc module does not offer, in a shape without foreign structures.
//
// Convention: a function that can fail returns a value >= 0, or -errno. Nothing here reads or sets errno for the caller.
#ifndef CLINUX_H
#define CLINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Addresses

/// An Internet address and port, in host byte order. `family` is 4, 6, or 0 where there is no address.
/// IPv4 lies in the low 32 bits of `low`. IPv4 mapped into IPv6 never appears: it is given as IPv4.
typedef struct {
    uint64_t high;
    uint64_t low;
    uint32_t scope;
    uint16_t port;
    uint16_t family;
} clinux_address;

/// Reads a `struct sockaddr`; `family` is 0 for anything but IPv4 and IPv6.
clinux_address clinux_address_read(const void *socket_address);

/// Resolves a host, best address first (RFC 6724). Returns how many were written, or a (negative) EAI_ code.
int clinux_resolve(const char *host, uint16_t port, bool numeric_only, clinux_address *found, int capacity);

// MARK: UDP sockets

/// Opens a UDP socket (non-blocking, close-on-exec, don't-fragment), binds it and writes where it is bound.
/// A socket for `::` also carries IPv4. `failed_call` tells which step an error is from.
int clinux_udp_open(const clinux_address *wanted, clinux_address *bound, int buffer_bytes, const char **failed_call);

/// The bytes of a socket's receive (or send) buffer as the kernel granted them.
int clinux_udp_buffer_bytes(int descriptor, bool receive);

/// How many datagrams the kernel has dropped that came to a socket, for want of room in its buffer or since they were
/// damaged; it begins again after 2^32 - 1. -ENOPROTOOPT where the kernel does not tell (before Linux 4.12).
int64_t clinux_udp_drops(int descriptor);
/// Whether the kernel cuts a long message into datagrams (UDP_SEGMENT, Linux 4.18).
bool clinux_udp_cuts(int descriptor);
/// Asks the kernel to put datagrams of one sender together (UDP_GRO, Linux 5.0).
int clinux_udp_take_runs(int descriptor);

/// A fixed array of datagrams on their way out, made once and used again. They are put one after the other, from 0 on.
typedef struct clinux_outbox clinux_outbox;

/// At most 1,024 datagrams of at most 65,535 bytes. Returns NULL when there is no memory.
clinux_outbox *clinux_outbox_make(uint32_t capacity, uint32_t datagram_bytes);
void clinux_outbox_free(clinux_outbox *box);
/// Where the bytes of the datagram at `index` go, `datagram_bytes` long; `index` must be below the capacity, and all
/// before it must have been put.
uint8_t *clinux_outbox_room(clinux_outbox *box, uint32_t index);
/// Makes a datagram of the first `length` bytes there, at most `datagram_bytes`.
/// `local` is which of our addresses it goes from; `family` 0 leaves that to the kernel. `is_marked`: whether it carries
/// the socket's mark, ECT(0), which costs nothing, or none.
void clinux_outbox_put(clinux_outbox *box, uint32_t index, uint32_t length, const clinux_address *address,
                       const clinux_address *local, bool is_marked);
/// How many datagrams from `first` on, below `end`, can leave as one message: they differ in nothing but their bytes, and
/// are as long as the first, the last one perhaps shorter.
uint32_t clinux_outbox_run(const clinux_outbox *box, uint32_t first, uint32_t end);
/// Sends datagrams `first ..< end`, without blocking. `family` is the socket's; `merges` makes one message of each run.
/// Returns how many datagrams went, from the first on.
int clinux_send(int descriptor, uint16_t family, clinux_outbox *box, uint32_t first, uint32_t end, bool merges);

/// What has come: one datagram, or several of one sender that the kernel has put together.
typedef struct {
    /// `family` is 0 where it is of no use: it was cut off, or can't be answered.
    clinux_address source;
    /// Which of our addresses it came to, without a port; `family` is 0 where the socket is bound to one address.
    clinux_address local;
    const uint8_t *bytes;
    /// Of all together, at most the buffer's.
    uint32_t length;
    /// Of each but the last; 0 where it is one.
    uint32_t segment_bytes;
    /// The two bits of ECN; 0 where the kernel did not tell.
    uint8_t mark;
} clinux_arrival;

/// A fixed array of buffers for what comes, made once and filled again and again.
typedef struct clinux_inbox clinux_inbox;

/// `datagram_bytes` is the longest datagram that is of use. Returns NULL when there is no memory.
clinux_inbox *clinux_inbox_make(uint32_t capacity, uint32_t datagram_bytes, uint32_t buffer_bytes);
void clinux_inbox_free(clinux_inbox *box);
/// Receives what waits, without blocking. Returns how many buffers were filled.
int clinux_receive(int descriptor, clinux_inbox *box);
/// What the last call brought; `index` must be below what it returned. It holds until the next call.
const clinux_arrival *clinux_inbox_arrival(const clinux_inbox *box, uint32_t index);

// MARK: Ways to other machines

/// Opens a descriptor that becomes readable when an address, a route or a link of this machine changes.
int clinux_routes_open(void);
/// Takes up to `at_most` reports, without blocking. Returns 1 when there was one, else 0.
int clinux_routes_take(int descriptor, int at_most);
/// Which of this machine's addresses is used towards another one; nothing is sent. -ENETUNREACH where there is no way.
int clinux_route_source(const clinux_address *remote, clinux_address *local);

// MARK: Waiting

enum { CLINUX_READABLE = 1, CLINUX_WRITABLE = 2, CLINUX_CLOSED = 4 };
enum { CLINUX_ADD = 0, CLINUX_CHANGE = 1, CLINUX_REMOVE = 2 };

typedef struct {
    uint32_t token;
    uint32_t events;
} clinux_ready;

int clinux_poller_open(void);
int clinux_poller_update(int poller, int operation, int descriptor, uint32_t token, uint32_t interest);
/// Waits for at most `timeout_milliseconds`, for ever when it is negative.
int clinux_poller_wait(int poller, clinux_ready *ready, int capacity, int timeout_milliseconds);

/// A timer on CLOCK_BOOTTIME: it becomes readable when its time has come.
int clinux_timer_open(void);
/// Sets the absolute time; 0 disarms. Either makes an expired timer unreadable again.
int clinux_timer_set(int timer, int64_t nanoseconds);

/// Blocks the signals whose bits (1 << number) are set for this thread and those that it starts, and opens a descriptor
/// that reports them.
int clinux_signals_open(uint64_t signals);
/// The next signal's number, or 0 when none waits.
int clinux_signals_next(int descriptor);

int clinux_event_open(void);
int clinux_event_post(int descriptor);
int clinux_event_clear(int descriptor);

// MARK: Files

/// Opens (makes, 0600) and locks a file, without waiting: -EWOULDBLOCK when another process holds it.
int clinux_lock_file(const char *path, const char **failed_call);
/// Opens a file to read it; the permission bits are written to `mode`.
int clinux_open_to_read(const char *path, uint32_t *mode);
/// Makes a file that must not exist yet, 0600 whatever the umask is.
int clinux_create_private(const char *path);
/// Brings the names of a directory to the disk.
int clinux_sync_directory(const char *path);

// MARK: The process

/// Sets the size of core dumps to nothing, for good.
int clinux_forbid_core_dumps(void);
bool clinux_allows_core_dumps(void);
/// Whether processes of the same user may trace this one and read its memory.
int clinux_set_inspectable(bool is_inspectable);
bool clinux_is_inspectable(void);
/// Lets the process open so many files, as far as its hard limit allows; never fewer than now.
int clinux_allow_descriptors(uint64_t wanted, uint64_t *granted);

// MARK: Diagnosis

/// Binds a socket of a family (4 or 6) to one peer: from now on the kernel reports ICMP errors about it.
int clinux_udp_connect(int descriptor, const clinux_address *remote, uint16_t family);
/// Sends one datagram of a connected socket, without blocking.
int clinux_probe_send(int descriptor, const uint8_t *bytes, size_t count);
/// Receives one datagram, without blocking; what does not fit is cut off. Returns its bytes.
int clinux_probe_receive(int descriptor, uint8_t *bytes, size_t capacity);
/// The largest packet that an interface carries, in bytes.
int clinux_interface_mtu(const char *name);
/// Whether the kernel believes that something keeps its clock right.
bool clinux_clock_is_synchronised(void);
/// Runs a program and waits for its end, at most so long. `command` has an absolute path and arguments, at most 15, each
/// ended by a zero byte. What it writes to standard output goes to `output`; returns how many bytes. -ETIMEDOUT and -EFBIG
/// end it; -EACCES where it failed.
int clinux_run(const uint8_t *command, size_t count, uint8_t *output, size_t capacity, int milliseconds);

// MARK: Services

/// Takes over a bound UDP socket that somebody else has opened, with the same settings as `clinux_udp_open`. -ENOTSOCK or
/// -EPROTOTYPE for anything else; the descriptor stays open then.
int clinux_udp_adopt(int descriptor, clinux_address *bound, int buffer_bytes, const char **failed_call);
/// Opens a socket for what is told the service manager.
int clinux_notice_open(void);
/// Sends one datagram to a socket in the file system or, where the path begins with `@`, to an abstract one. It never
/// waits.
int clinux_notice_send(int descriptor, const char *path, const void *bytes, size_t count);
/// Opens a TCP socket (non-blocking, close-on-exec) that listens, and writes where it is bound.
int clinux_stream_listen(const clinux_address *wanted, clinux_address *bound, int backlog, const char **failed_call);
/// How many descriptors this process has open.
int clinux_descriptor_count(void);
/// How many bytes of this process are in memory.
int64_t clinux_resident_bytes(void);

// MARK: Memory and texts of errors

/// Overwrites memory in a way that the compiler does not remove.
void clinux_wipe(void *bytes, size_t count);

/// Bytes of the heap that are in use now, in all threads.
uint64_t clinux_heap_bytes(void);
/// Gives pages of the heap that hold nothing back to the system, wherever they lie.
void clinux_heap_give_back(void);

/// "EADDRINUSE", or NULL when the number is no error.
const char *clinux_error_name(int number);
/// "Address already in use".
const char *clinux_error_text(int number);

#endif
