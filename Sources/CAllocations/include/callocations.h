// Counts what the calling thread allocates, while it is told to.
//
// Whatever is linked with this target takes memory through it: malloc and its kin are replaced by functions that count
// and then call those of glibc. Where they can't be replaced, with another C library or under a sanitizer that replaces
// them itself, nothing is counted.
#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

/// Whether anything can be counted.
bool callocations_available(void);

/// Allocations of this thread count from now on, or no longer.
void callocations_count(bool is_counting);

/// How many allocations of this thread have counted so far; memory that was made larger counts as well.
uint64_t callocations_total(void);

#endif
