#include "editor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

static struct {
    int input;
    int signals;
    struct termios saved;
    sigset_t mask;
    int open;
} answer = {.signals = -1};

void cedit_wipe(void *memory, size_t count) {
    explicit_bzero(memory, count);
}

int cedit_answer_begin(int input) {
    if (answer.open || tcgetattr(input, &answer.saved) != 0) return -1;
    register_exit();
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGHUP);
    sigaddset(&held, SIGQUIT);
    pthread_sigmask(SIG_BLOCK, &held, &answer.mask);
    answer.signals = signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
    answer.input = input;
    answer.open = 1;
    struct termios raw = answer.saved;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(input, TCSADRAIN, &raw) == 0) return 0;
    cedit_answer_end_reading();
    return -1;
}

int cedit_answer_byte(void) {
    if (!answer.open) return cedit_answer_end;
    for (;;) {
        // A signal is only seen here, not taken: it does its work when the mask is restored.
        struct pollfd ready[2] = {
            {.fd = answer.signals, .events = POLLIN},
            {.fd = answer.input, .events = POLLIN},
        };
        if (poll(ready, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return cedit_answer_end;
        }
        if (ready[0].revents & POLLIN) return cedit_answer_signal;
        if (!ready[1].revents) continue;
        unsigned char byte;
        ssize_t count = read(answer.input, &byte, 1);
        if (count == 1) {
            int value = byte;
            cedit_wipe(&byte, 1);
            return value;
        }
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        return cedit_answer_end;
    }
}

void cedit_answer_end_reading(void) {
    if (!answer.open) return;
    answer.open = 0;
    tcsetattr(answer.input, TCSADRAIN, &answer.saved);
    if (answer.signals >= 0) close(answer.signals);
    answer.signals = -1;
    pthread_sigmask(SIG_SETMASK, &answer.mask, NULL);
}
