#include "clinux.h"

#include <malloc.h>

uint64_t clinux_heap_bytes(void) {
    struct mallinfo2 heap = mallinfo2();
    // In the arenas of all threads, and in blocks so large that they were mapped apart.
    return heap.uordblks + heap.hblkhd;
}

void clinux_heap_give_back(void) {
    malloc_trim(0);
}
