#define _GNU_SOURCE
#include "cedit.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *cedit_files(const char *folder, const char *begin, int limit) {
    DIR *directory = opendir(folder);
    if (!directory) return NULL;
    char *names = NULL;
    size_t end = 0, length = strlen(begin);
    struct dirent *entry;
    while (limit > 0 && (entry = readdir(directory))) {
        const char *name = entry->d_name;
        if (strncmp(name, begin, length) != 0 || (name[0] == '.' && begin[0] != '.')) continue;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
        struct stat status;
        int is_folder = fstatat(dirfd(directory), name, &status, 0) == 0 && S_ISDIR(status.st_mode);
        size_t size = strlen(name) + (is_folder ? 2 : 1);
        char *larger = realloc(names, end + size + 1);
        if (!larger) break;
        names = larger;
        memcpy(names + end, name, strlen(name));
        if (is_folder) names[end + size - 2] = '/';
        names[end + size - 1] = 0;
        end += size;
        limit -= 1;
    }
    closedir(directory);
    if (names) names[end] = 0;
    return names ? names : calloc(1, 1);
}

void cedit_free(char *names) {
    free(names);
}
