/* Stands between a program and its disk and clock: what FAULTS, a file, says happens to the file system of FAULTS_DIR.
   cc -shared -fPIC -o shim.so shim.c -ldl; LD_PRELOAD=shim.so */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct faults {
    volatile int32_t sync_ms; /* every sync takes so long */
    volatile int32_t hangs;   /* nothing is written until this is 0 */
    volatile int32_t error;   /* every write fails with this number */
    volatile int32_t clock_s; /* the clock is wrong by so much */
};

static struct faults none, *now = &none;
static dev_t device;
static char folder[4096];

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("FAULTS"), *where = getenv("FAULTS_DIR");
    struct stat found;
    int fd = file ? open(file, O_RDONLY) : -1;
    if (fd < 0 || !where || stat(where, &found)) return;
    device = found.st_dev;
    strncpy(folder, where, sizeof folder - 1);
    void *mapped = mmap(NULL, sizeof none, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) now = mapped;
    close(fd);
}

static int is_ours(int fd) {
    struct stat found;
    return device && !fstat(fd, &found) && S_ISREG(found.st_mode) && found.st_dev == device;
}

static int fails(void) {
    while (now->hangs) usleep(2000);
    if (now->error) errno = now->error;
    return now->error;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t size) {
    REAL(write);
    return is_ours(fd) && fails() ? -1 : real(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    REAL(pwrite);
    return is_ours(fd) && fails() ? -1 : real(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(pwrite64);
    return is_ours(fd) && fails() ? -1 : real(fd, data, size, at);
}

int fsync(int fd) {
    REAL(fsync);
    if (is_ours(fd)) {
        if (now->sync_ms) usleep(1000 * now->sync_ms);
        if (fails()) return -1;
    }
    return real(fd);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    if (is_ours(fd)) {
        if (now->sync_ms) usleep(1000 * now->sync_ms);
        if (fails()) return -1;
    }
    return real(fd);
}

static int is_refused(const char *path, int flags) {
    return device && (flags & (O_WRONLY | O_RDWR | O_CREAT)) && !strncmp(path, folder, strlen(folder)) && fails();
}

#define OPENS(name) int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list more; va_start(more, flags); int mode = va_arg(more, int); va_end(more); \
    return is_refused(path, flags) ? -1 : real(path, flags, mode); }

OPENS(open)
OPENS(open64)

int clock_gettime(clockid_t clock, struct timespec *at) {
    REAL(clock_gettime);
    int done = real(clock, at);
    if (!done && clock == CLOCK_REALTIME) at->tv_sec += now->clock_s;
    return done;
}
