// The program behind every tool's name in a portable installation.
//
// It is static and small, finds the installation by its own place, chooses the build for this processor, and hands the
// process to it by the bundled loader, so that nothing of the system's libraries is used:
//
//     PREFIX/bin/fewshot-train                     this program
//     PREFIX/libexec/fewshot/lib/ld-linux-x86-64.so.2
//     PREFIX/libexec/fewshot/x86-64-v3/fewshot     the tools, and once more for other processors
//
// Compiled with musl: musl-gcc -static -Os launcher.c -o launcher

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// EX_UNAVAILABLE and EX_OSERR of sysexits.h, as the tools end.
#define UNAVAILABLE 69
#define OS_ERROR 71

#define LOADER "ld-linux-x86-64.so.2"
#define PRELOAD "LD_PRELOAD="
#define KEPT_PRELOAD "FEWSHOT_LD_PRELOAD="

static const char *tool = "fewshot";

static int fail(int status, const char *subject, const char *found, const char *remedy) {
    fprintf(stderr, "%s: error: %s: found %s; %s.\n", tool, subject, found, remedy);
    return status;
}

static char *join(const char *folder, const char *name) {
    char *path = malloc(strlen(folder) + strlen(name) + 2);
    if (path) sprintf(path, "%s/%s", folder, name);
    return path;
}

// Returns PREFIX/libexec/fewshot, two folders above this program's file, or NULL.
static char *own_folder(void) {
    for (size_t capacity = 4096; capacity <= 1 << 20; capacity *= 2) {
        char *path = malloc(capacity);
        if (!path) return NULL;
        ssize_t length = readlink("/proc/self/exe", path, capacity);
        if (length < 0) return NULL;
        if ((size_t)length == capacity) {
            free(path);
            continue;
        }
        path[length] = 0;
        for (int i = 0; i < 2; i++) {
            char *slash = strrchr(path, '/');
            if (!slash) return NULL;
            *slash = 0;
        }
        return join(path, "libexec/fewshot");
    }
    return NULL;
}

// Returns the tools compiled for this processor in `folder`. Those for the oldest processors say themselves what is
// missing.
static char *program_in(const char *folder) {
    const char *wanted = getenv("FEWSHOT_LEVEL");
    __builtin_cpu_init();
    if (!wanted && __builtin_cpu_supports("x86-64-v4")) wanted = "x86-64-v4";
    if (wanted && !strchr(wanted, '/')) {
        char *place = join(folder, wanted);
        char *program = place ? join(place, "fewshot") : NULL;
        if (program && !access(program, R_OK)) return program;
    }
    return join(folder, "x86-64-v3/fewshot");
}

// Hides LD_PRELOAD from the bundled loader, which cannot load what was linked with another C library. The tools restore
// it for the programs that they start.
static void keep_preload(char **environment) {
    for (; *environment; environment++) {
        if (strncmp(*environment, PRELOAD, strlen(PRELOAD))) continue;
        char *kept = malloc(strlen(KEPT_PRELOAD) + strlen(*environment) + 1);
        if (!kept) return;
        sprintf(kept, KEPT_PRELOAD "%s", *environment + strlen(PRELOAD));
        *environment = kept;
    }
}

int main(int count, char **arguments, char **environment) {
    if (count > 0) tool = strrchr(arguments[0], '/') ? strrchr(arguments[0], '/') + 1 : arguments[0];
    char *folder = own_folder();
    if (!folder)
        return fail(UNAVAILABLE, "/proc/self/exe", strerror(errno), "this program needs /proc to find its files");
    char *program = program_in(folder);
    char *libraries = join(folder, "lib");
    char *loader = libraries ? join(libraries, LOADER) : NULL;
    char **words = malloc(((size_t)count + 8) * sizeof *words);
    if (!program || !loader || !words) return fail(OS_ERROR, "memory", "none", "free some memory");
    size_t used = 0;
    words[used++] = loader;
    words[used++] = "--argv0";
    words[used++] = count > 0 ? arguments[0] : (char *)tool;
    words[used++] = "--inhibit-cache";
    words[used++] = program;
    for (int i = 1; i < count; i++) words[used++] = arguments[i];
    words[used] = NULL;
    keep_preload(environment);
    execve(loader, words, environment);
    return fail(UNAVAILABLE, loader, strerror(errno), "install fewshot again, with its whole folder");
}
