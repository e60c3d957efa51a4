// A preloaded library that makes system calls of a process fail, below given folders and from a given call on.
//
//   FAULTS_BELOW   absolute folders, joined by ':'
//   FAULTS_CALLS   the kinds of calls that are counted, such as 'write,fsync'
//   FAULTS_KIND    a number of errno; or 'short' (fewer bytes than asked for), 'torn' (half of a write, then SIGKILL),
//                  or a signal's number with a minus, which the process gets before the call
//   FAULTS_FIRST   the first counted call that fails, from 1
//   FAULTS_COUNT   the number of failing calls from there on; 0 for all
//   FAULTS_CLOCK   seconds by which the wall clock jumps back and forth at each reading
//   FAULTS_LOG     a file that receives one line per failed call: the call and its path
//
// For Linux with glibc. Fortified libraries call functions by other names, which are covered as well.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))
/// The next function of this name, which this one replaces.
#define REAL(name) ((__typeof__(&name))real(&real_##name, #name))
#define REMEMBER(name) static void *_Atomic real_##name

enum { descriptors = 65536, folders = 8 };
enum { none, refuse, fewer, tear };

static atomic_bool is_below[descriptors];
static char *below[folders];
static const char *calls = "", *kind = "";
static char here[4096], log_path[4096];
static long first = 1, count = 1, clock_jump;
static atomic_long seen, struck;
static atomic_bool is_ready;

static void *real(void *_Atomic *place, const char *name) {
    void *found = atomic_load(place);
    if (!found) {
        found = dlsym(RTLD_NEXT, name);
        atomic_store(place, found);
    }
    return found;
}

static long number(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

__attribute__((constructor)) static void prepare(void) {
    static char list[8192];
    const char *text = getenv("FAULTS_BELOW");
    if (!text || !getcwd(here, sizeof here)) return;
    strncpy(list, text, sizeof list - 1);
    int next = 0;
    for (char *folder = strtok(list, ":"); folder && next < folders; folder = strtok(NULL, ":")) below[next++] = folder;
    if (getenv("FAULTS_CALLS")) calls = getenv("FAULTS_CALLS");
    if (getenv("FAULTS_KIND")) kind = getenv("FAULTS_KIND");
    if (getenv("FAULTS_LOG")) strncpy(log_path, getenv("FAULTS_LOG"), sizeof log_path - 1);
    first = number("FAULTS_FIRST", 1);
    count = number("FAULTS_COUNT", 1);
    clock_jump = number("FAULTS_CLOCK", 0);
    atomic_store(&is_ready, true);
}

static bool path_is_below(const char *path) {
    if (!atomic_load(&is_ready) || !path) return false;
    const char *whole = path[0] == '/' ? path : here;
    for (int index = 0; index < folders && below[index]; index++) {
        size_t length = strlen(below[index]);
        if (strncmp(whole, below[index], length) == 0 && (whole[length] == '/' || !whole[length])) return true;
    }
    return false;
}

static bool descriptor_is_below(int descriptor) {
    return descriptor >= 0 && descriptor < descriptors && atomic_load(&is_below[descriptor]);
}

static void note(int descriptor, const char *path) {
    if (descriptor >= 0 && descriptor < descriptors) atomic_store(&is_below[descriptor], path_is_below(path));
}

static bool counts(const char *call) {
    size_t length = strlen(call);
    for (const char *place = calls; (place = strstr(place, call)); place += length)
        if ((place == calls || place[-1] == ',') && (place[length] == ',' || !place[length])) return true;
    return false;
}

static void record(const char *call, const char *path, int descriptor) {
    if (!log_path[0] || atomic_fetch_add(&struck, 1) >= 20) return;
    char line[4608], link[64], target[4096] = "";
    if (!path) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target - 1);
        target[length > 0 ? length : 0] = 0;
        path = target;
    }
    int length = snprintf(line, sizeof line, "%s %s\n", call, path);
    long file = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0) return;
    syscall(SYS_write, file, line, length);
    syscall(SYS_close, file);
}

/// The fate of a call, one of the enumeration; errno is set if it is refused.
static int strike(const char *call, const char *path, int descriptor) {
    if (!calls[0] || !counts(call) || !(path ? path_is_below(path) : descriptor_is_below(descriptor))) return none;
    long place = atomic_fetch_add(&seen, 1) + 1;
    if (place < first || (count && place >= first + count)) return none;
    record(call, path, descriptor);
    if (strcmp(kind, "short") == 0) return fewer;
    if (strcmp(kind, "torn") == 0) return tear;
    int code = atoi(kind);
    if (code < 0) {
        syscall(SYS_kill, getpid(), -code);
        return none;
    }
    errno = code;
    return refuse;
}

static void end_here(void) { syscall(SYS_kill, getpid(), SIGKILL); }

/// A number of bytes from 1 to `size`.
static size_t part_of(size_t size) { return size < 2 ? size : 1 + (size_t)(atomic_load(&seen) * 7919) % (size - 1); }

// Reading and writing.

#define TRANSFER(name, kind_of_call, buffer_type, extra_declaration, extra)                                            \
    REMEMBER(name);                                                                                                    \
    EXPORTED ssize_t name(int descriptor, buffer_type buffer, size_t size extra_declaration) {                         \
        switch (strike(kind_of_call, NULL, descriptor)) {                                                              \
            case refuse: return -1;                                                                                    \
            case fewer: return REAL(name)(descriptor, buffer, part_of(size) extra);                                    \
            case tear:                                                                                                 \
                if (kind_of_call[0] == 'w') REAL(name)(descriptor, buffer, size / 2 extra);                            \
                end_here();                                                                                            \
        }                                                                                                              \
        return REAL(name)(descriptor, buffer, size extra);                                                             \
    }
#define NOTHING
#define OFFSET , off_t offset
TRANSFER(read, "read", void *, NOTHING, NOTHING)
TRANSFER(write, "write", const void *, NOTHING, NOTHING)
#define COMMA_OFFSET , offset
TRANSFER(pread, "read", void *, OFFSET, COMMA_OFFSET)
TRANSFER(pread64, "read", void *, OFFSET, COMMA_OFFSET)
TRANSFER(pwrite, "write", const void *, OFFSET, COMMA_OFFSET)
TRANSFER(pwrite64, "write", const void *, OFFSET, COMMA_OFFSET)

EXPORTED ssize_t __read_chk(int descriptor, void *buffer, size_t size, size_t room) {
    (void)room;
    return read(descriptor, buffer, size);
}
EXPORTED ssize_t __pread_chk(int descriptor, void *buffer, size_t size, off_t offset, size_t room) {
    (void)room;
    return pread(descriptor, buffer, size, offset);
}
EXPORTED ssize_t __pread64_chk(int descriptor, void *buffer, size_t size, off_t offset, size_t room) {
    (void)room;
    return pread(descriptor, buffer, size, offset);
}

// Opening and closing.

static mode_t mode_of(int flags, va_list rest) {
    return flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) ? va_arg(rest, mode_t) : 0;
}

static int opened(int folder, const char *path, int flags, mode_t mode) {
    const char *call = (flags & O_ACCMODE) == O_RDONLY ? "open" : "create";
    switch (strike(call, path, -1)) {
        case refuse: return -1;
        case tear: end_here();
    }
    int descriptor = (int)syscall(SYS_openat, folder, path, flags, mode);
    note(descriptor, path);
    return descriptor;
}

#define OPEN(name, parameters, folder)                                                                                 \
    EXPORTED int name parameters {                                                                                     \
        va_list rest;                                                                                                  \
        va_start(rest, flags);                                                                                         \
        mode_t mode = mode_of(flags, rest);                                                                            \
        va_end(rest);                                                                                                  \
        return opened(folder, path, flags, mode);                                                                      \
    }
OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int folder, const char *path, int flags, ...), folder)
OPEN(openat64, (int folder, const char *path, int flags, ...), folder)
EXPORTED int __open_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }
EXPORTED int __open64_2(const char *path, int flags) { return opened(AT_FDCWD, path, flags, 0); }

REMEMBER(close);
EXPORTED int close(int descriptor) {
    if (strike("close", NULL, descriptor) == tear) end_here();
    note(descriptor, NULL);
    return REAL(close)(descriptor);
}

REMEMBER(opendir);
EXPORTED DIR *opendir(const char *path) { return strike("opendir", path, -1) == refuse ? NULL : REAL(opendir)(path); }

// Calls that fail as a whole.

#define ON_DESCRIPTOR(name, kind_of_call, result, parameters, arguments)                                               \
    REMEMBER(name);                                                                                                    \
    EXPORTED result name parameters {                                                                                  \
        switch (strike(kind_of_call, NULL, descriptor)) {                                                              \
            case refuse: return (result)-1;                                                                            \
            case tear: end_here();                                                                                     \
        }                                                                                                              \
        return REAL(name) arguments;                                                                                   \
    }
#define ON_PATH(name, kind_of_call, parameters, arguments)                                                             \
    REMEMBER(name);                                                                                                    \
    EXPORTED int name parameters {                                                                                     \
        switch (strike(kind_of_call, path, -1)) {                                                                      \
            case refuse: return -1;                                                                                    \
            case tear: end_here();                                                                                     \
        }                                                                                                              \
        return REAL(name) arguments;                                                                                   \
    }
ON_DESCRIPTOR(fsync, "fsync", int, (int descriptor), (descriptor))
ON_DESCRIPTOR(fdatasync, "fsync", int, (int descriptor), (descriptor))
ON_DESCRIPTOR(ftruncate, "ftruncate", int, (int descriptor, off_t size), (descriptor, size))
ON_DESCRIPTOR(ftruncate64, "ftruncate", int, (int descriptor, off_t size), (descriptor, size))
ON_DESCRIPTOR(flock, "flock", int, (int descriptor, int operation), (descriptor, operation))
ON_DESCRIPTOR(fstat, "fstat", int, (int descriptor, struct stat *status), (descriptor, status))
ON_DESCRIPTOR(fstat64, "fstat", int, (int descriptor, struct stat64 *status), (descriptor, status))
ON_DESCRIPTOR(
    mmap, "mmap", void *, (void *base, size_t size, int protection, int flags, int descriptor, off_t offset),
    (base, size, protection, flags, descriptor, offset))
ON_DESCRIPTOR(
    mmap64, "mmap", void *, (void *base, size_t size, int protection, int flags, int descriptor, off_t offset),
    (base, size, protection, flags, descriptor, offset))
ON_PATH(stat, "stat", (const char *path, struct stat *status), (path, status))
ON_PATH(stat64, "stat", (const char *path, struct stat64 *status), (path, status))
ON_PATH(lstat, "stat", (const char *path, struct stat *status), (path, status))
ON_PATH(rename, "rename", (const char *path, const char *place), (path, place))
ON_PATH(link, "rename", (const char *path, const char *place), (path, place))
ON_PATH(unlink, "unlink", (const char *path), (path))
ON_PATH(rmdir, "unlink", (const char *path), (path))
ON_PATH(mkdir, "mkdir", (const char *path, mode_t mode), (path, mode))

#define RESERVE(name)                                                                                                  \
    REMEMBER(name);                                                                                                    \
    EXPORTED int name(int descriptor, off_t offset, off_t size) {                                                      \
        switch (strike("reserve", NULL, descriptor)) {                                                                 \
            case refuse: return errno;                                                                                 \
            case tear: end_here();                                                                                     \
        }                                                                                                              \
        return REAL(name)(descriptor, offset, size);                                                                   \
    }
RESERVE(posix_fallocate)
RESERVE(posix_fallocate64)

// Clocks. The monotonic clock does not jump on any machine, and timeouts rely on it: it is unchanged.

static long jump(void) {
    static atomic_long looks;
    return clock_jump ? (atomic_fetch_add(&looks, 1) * 7919 % 3 - 1) * clock_jump : 0;
}

REMEMBER(clock_gettime);
EXPORTED int clock_gettime(clockid_t clock, struct timespec *now) {
    int code = REAL(clock_gettime)(clock, now);
    if (clock == CLOCK_REALTIME) now->tv_sec += jump();
    // A machine that was suspended: forward only.
    if (clock == CLOCK_BOOTTIME && clock_jump) {
        static atomic_long slept;
        now->tv_sec += atomic_fetch_add(&slept, 1) * clock_jump;
    }
    return code;
}

EXPORTED int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    *now = (struct timeval){time.tv_sec, time.tv_nsec / 1000};
    return 0;
}

EXPORTED time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place) *place = now.tv_sec;
    return now.tv_sec;
}
