#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/// Closes, and passes the error of the call before it on.
static int fail_closed(int descriptor) {
    int error = errno;
    close(descriptor);
    return -error;
}

int clinux_lock_file(const char *path, const char **failed_call) {
    *failed_call = "open";
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return -errno;
    *failed_call = "flock";
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) return fail_closed(descriptor);
    return descriptor;
}

int clinux_open_to_read(const char *path, uint32_t *mode) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return -errno;
    struct stat status;
    // Asked of the open file and not of the path, which could be exchanged in between.
    if (fstat(descriptor, &status) != 0) return fail_closed(descriptor);
    *mode = status.st_mode & 07777;
    return descriptor;
}

int clinux_create_private(const char *path) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) return -errno;
    if (fchmod(descriptor, 0600) != 0) {
        int error = fail_closed(descriptor);
        unlink(path);
        return error;
    }
    return descriptor;
}

int clinux_sync_directory(const char *path) {
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    // Some file systems can't sync a directory and say EINVAL; there is nothing more to be had from them.
    if (fsync(descriptor) != 0 && errno != EINVAL) return fail_closed(descriptor);
    close(descriptor);
    return 0;
}

void clinux_wipe(void *bytes, size_t count) {
    explicit_bzero(bytes, count);
}

const char *clinux_error_name(int number) {
    return strerrorname_np(number);
}

const char *clinux_error_text(int number) {
    const char *text = strerrordesc_np(number);
    return text != NULL ? text : "unknown error";
}
