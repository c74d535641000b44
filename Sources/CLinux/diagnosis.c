#include "addresses.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int clinux_udp_connect(int descriptor, const clinux_address *remote, uint16_t family) {
    struct sockaddr_storage storage = {0};
    socklen_t length = clinux_address_write(remote, family, &storage);
    return connect(descriptor, (struct sockaddr *)&storage, length) == 0 ? 0 : -errno;
}

int clinux_probe_send(int descriptor, const uint8_t *bytes, size_t count) {
    ssize_t sent = send(descriptor, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    return sent < 0 ? -errno : (int)sent;
}

int clinux_probe_receive(int descriptor, uint8_t *bytes, size_t capacity) {
    ssize_t count = recv(descriptor, bytes, capacity, MSG_DONTWAIT);
    return count < 0 ? -errno : (int)count;
}

int clinux_interface_mtu(const char *name) {
    struct ifreq request = {0};
    if (strlen(name) >= sizeof request.ifr_name) return -ENODEV;
    strcpy(request.ifr_name, name);
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    int result = ioctl(descriptor, SIOCGIFMTU, &request) == 0 ? request.ifr_mtu : -errno;
    close(descriptor);
    return result;
}

bool clinux_clock_is_synchronised(void) {
    struct timex state = {0};
    int result = adjtimex(&state);
    return result >= 0 && result != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

static int64_t milliseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Reads until the end, the capacity or the deadline.
static int read_output(int descriptor, uint8_t *output, size_t capacity, int64_t deadline) {
    size_t count = 0;
    while (true) {
        int64_t left = deadline - milliseconds_now();
        struct pollfd wanted = {.fd = descriptor, .events = POLLIN};
        int ready = left > 0 ? poll(&wanted, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready == 0) return -ETIMEDOUT;
        if (ready < 0) return -errno;
        if (count == capacity) return -EFBIG;
        ssize_t piece = read(descriptor, output + count, capacity - count);
        if (piece == 0) return (int)count;
        if (piece < 0 && errno != EINTR) return -errno;
        if (piece > 0) count += (size_t)piece;
    }
}

int clinux_run(const uint8_t *command, size_t count, uint8_t *output, size_t capacity, int milliseconds) {
    char *arguments[16] = {NULL};
    size_t words = 0;
    for (size_t index = 0; index < count; index++) {
        if (index > 0 && command[index - 1] != 0) continue;
        if (words == 15) return -E2BIG;
        arguments[words++] = (char *)command + index;
    }
    if (words == 0 || command[count - 1] != 0) return -EINVAL;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    // Nothing of our own environment: it may hold a password.
    char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL};
    pid_t child = 0;
    int error = posix_spawn(&child, arguments[0], &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return -error;
    }
    int result = read_output(ends[0], output, capacity, milliseconds_now() + milliseconds);
    close(ends[0]);
    if (result < 0) kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (result >= 0 && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) return -EACCES;
    return result;
}
