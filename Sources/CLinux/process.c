#include "clinux.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

int clinux_forbid_core_dumps(void) {
    // The hard limit too: nothing in this process can raise it again.
    struct rlimit none = {.rlim_cur = 0, .rlim_max = 0};
    return setrlimit(RLIMIT_CORE, &none) == 0 ? 0 : -errno;
}

bool clinux_allows_core_dumps(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0;
}

int clinux_set_inspectable(bool is_inspectable) {
    return prctl(PR_SET_DUMPABLE, is_inspectable ? 1UL : 0UL, 0UL, 0UL, 0UL) == 0 ? 0 : -errno;
}

bool clinux_is_inspectable(void) {
    return prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL) != 0;
}

int clinux_allow_descriptors(uint64_t wanted, uint64_t *granted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    if (limit.rlim_cur < wanted && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
    }
    *granted = limit.rlim_cur;
    return 0;
}
