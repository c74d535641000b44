#include "clinux.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int checked(int result) {
    return result < 0 ? -errno : result;
}

int clinux_poller_open(void) {
    return checked(epoll_create1(EPOLL_CLOEXEC));
}

int clinux_poller_update(int poller, int operation, int descriptor, uint32_t token, uint32_t interest) {
    static const int operations[] = {EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL};
    if (operation < CLINUX_ADD || operation > CLINUX_REMOVE) return -EINVAL;
    struct epoll_event event = {.data.u32 = token};
    if (interest & CLINUX_READABLE) event.events |= EPOLLIN;
    if (interest & CLINUX_WRITABLE) event.events |= EPOLLOUT;
    return checked(epoll_ctl(poller, operations[operation], descriptor, &event));
}

int clinux_poller_wait(int poller, clinux_ready *ready, int capacity, int timeout_milliseconds) {
    struct epoll_event events[64];
    int limit = capacity < 64 ? capacity : 64;
    int count = epoll_wait(poller, events, limit, timeout_milliseconds);
    if (count < 0) return -errno;
    for (int index = 0; index < count; index++) {
        uint32_t seen = events[index].events;
        ready[index].token = events[index].data.u32;
        ready[index].events = (seen & EPOLLIN ? CLINUX_READABLE : 0) | (seen & EPOLLOUT ? CLINUX_WRITABLE : 0)
            | (seen & (EPOLLHUP | EPOLLERR) ? CLINUX_CLOSED : 0);
    }
    return count;
}

int clinux_timer_open(void) {
    return checked(timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC));
}

int clinux_timer_set(int timer, int64_t nanoseconds) {
    struct itimerspec setting = {0};
    setting.it_value.tv_sec = nanoseconds / 1000000000;
    setting.it_value.tv_nsec = nanoseconds % 1000000000;
    return checked(timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, NULL));
}

int clinux_signals_open(uint64_t signals) {
    sigset_t set;
    sigemptyset(&set);
    for (int number = 1; number < 64; number++) {
        if (signals & (UINT64_C(1) << number)) sigaddset(&set, number);
    }
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (error != 0) return -error;
    return checked(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

int clinux_signals_next(int descriptor) {
    struct signalfd_siginfo information;
    ssize_t count = read(descriptor, &information, sizeof information);
    if (count == sizeof information) return (int)information.ssi_signo;
    return count < 0 && errno != EAGAIN ? -errno : 0;
}

int clinux_event_open(void) {
    return checked(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

int clinux_event_post(int descriptor) {
    uint64_t one = 1;
    // A counter at its limit is readable already, which is all that is wanted.
    return write(descriptor, &one, sizeof one) < 0 && errno != EAGAIN ? -errno : 0;
}

int clinux_event_clear(int descriptor) {
    uint64_t sum = 0;
    return read(descriptor, &sum, sizeof sum) < 0 && errno != EAGAIN ? -errno : 0;
}
