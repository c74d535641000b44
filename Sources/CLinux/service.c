#include "addresses.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

int clinux_notice_open(void) {
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return descriptor < 0 ? -errno : descriptor;
}

int clinux_notice_send(int descriptor, const char *path, const void *bytes, size_t count) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof address.sun_path) return -EINVAL;
    memcpy(address.sun_path, path, length);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    // A name without a file: its first byte is a zero, and no zero ends it (unix(7)).
    if (path[0] == '@') {
        address.sun_path[0] = '\0';
    } else {
        size += 1;
    }
    ssize_t sent = sendto(descriptor, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&address, size);
    return sent < 0 ? -errno : 0;
}

int clinux_stream_listen(const clinux_address *wanted, clinux_address *bound, int backlog, const char **failed_call) {
    struct sockaddr_storage storage = {0};
    socklen_t length = clinux_address_write(wanted, wanted->family, &storage);
    *failed_call = "socket";
    int descriptor = socket(wanted->family == 6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    // A restart must not wait for connections of the server before it.
    int yes = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    *failed_call = "bind";
    int result = bind(descriptor, (struct sockaddr *)&storage, length);
    if (result == 0) {
        *failed_call = "listen";
        result = listen(descriptor, backlog);
    }
    if (result == 0) {
        *failed_call = "getsockname";
        length = sizeof storage;
        result = getsockname(descriptor, (struct sockaddr *)&storage, &length);
    }
    if (result != 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    *bound = clinux_address_read(&storage);
    return descriptor;
}

int clinux_descriptor_count(void) {
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL) return -errno;
    // The folder itself is open meanwhile, and `.` and `..` are none.
    int count = -3;
    while (readdir(folder) != NULL) count++;
    closedir(folder);
    return count;
}

int64_t clinux_resident_bytes(void) {
    int descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    char text[128] = {0};
    ssize_t count = read(descriptor, text, sizeof text - 1);
    int error = errno;
    close(descriptor);
    if (count < 0) return -error;
    // The second number: pages in memory (proc(5)).
    char *rest = NULL;
    strtoull(text, &rest, 10);
    unsigned long long pages = strtoull(rest, NULL, 10);
    return (int64_t)pages * sysconf(_SC_PAGESIZE);
}
