// A clock that runs fast, for one process: LD_PRELOAD puts it before the C library.
//
// SMARTLINK_CLOCK_TIMES times as fast as the machine's, and SMARTLINK_CLOCK_BEHIND seconds behind it when the process starts.
// What waits with a time-out waits as much shorter.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#define SECOND 1000000000LL
typedef int64_t nanos;

static nanos times = 1, behind, begun[2];

static nanos of(const struct timespec *t) { return t->tv_sec * SECOND + t->tv_nsec; }
static struct timespec to(nanos n) {
    if (n < 0) n = 0;
    return (struct timespec){.tv_sec = n / SECOND, .tv_nsec = n % SECOND};
}
static long real_syscall(long number, long a, long b, long c, long d, long e, long f) {
    static long (*next)(long, ...);
    if (!next) next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return next(number, a, b, c, d, e, f);
}
static nanos machine(clockid_t clock) {
    static int (*next)(clockid_t, struct timespec *);
    if (!next) next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    struct timespec t;
    next(clock, &t);
    return of(&t);
}
static int is_faked(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}
static nanos shown(clockid_t clock, nanos t) {
    nanos from = begun[clock == CLOCK_MONOTONIC];
    return from + (t - from) * times - (clock == CLOCK_REALTIME ? behind : 0);
}
// The machine's moment at which the process's clock shows t.
static nanos moment(clockid_t clock, nanos t) {
    nanos from = begun[clock == CLOCK_MONOTONIC];
    return from + (t + (clock == CLOCK_REALTIME ? behind : 0) - from) / times;
}

__attribute__((constructor)) static void begin(void) {
    begun[0] = machine(CLOCK_REALTIME);
    begun[1] = machine(CLOCK_MONOTONIC);
    const char *word = getenv("SMARTLINK_CLOCK_TIMES");
    if (word && atoll(word) > 0) times = atoll(word);
    word = getenv("SMARTLINK_CLOCK_BEHIND");
    if (word) behind = atoll(word) * SECOND;
}

int clock_gettime(clockid_t clock, struct timespec *t) {
    if (is_faked(clock)) {
        *t = to(shown(clock, machine(clock)));
        return 0;
    }
    static int (*next)(clockid_t, struct timespec *);
    if (!next) next = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    return next(clock, t);
}
int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    (void)zone;
    nanos now = shown(CLOCK_REALTIME, machine(CLOCK_REALTIME));
    t->tv_sec = now / SECOND;
    t->tv_usec = now % SECOND / 1000;
    return 0;
}
time_t time(time_t *t) {
    time_t now = shown(CLOCK_REALTIME, machine(CLOCK_REALTIME)) / SECOND;
    if (t) *t = now;
    return now;
}

long syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    long d = va_arg(list, long), e = va_arg(list, long), f = va_arg(list, long);
    va_end(list);
    struct timespec until;
    if (number == SYS_futex && d) {
        int what = b & FUTEX_CMD_MASK;
        const struct timespec *given = (const struct timespec *)d;
        if (what == FUTEX_WAIT) {
            until = to(of(given) / times);
            d = (long)&until;
        } else if (what == FUTEX_WAIT_BITSET) {
            clockid_t clock = b & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
            until = to(moment(clock, of(given)));
            d = (long)&until;
        }
    }
    return real_syscall(number, a, b, c, d, e, f);
}

static int shorter(int ms) { return ms <= 0 ? ms : (int)((ms + times - 1) / times); }

int epoll_wait(int fd, struct epoll_event *events, int most, int ms) {
    static int (*next)(int, struct epoll_event *, int, int);
    if (!next) next = (int (*)(int, struct epoll_event *, int, int))dlsym(RTLD_NEXT, "epoll_wait");
    return next(fd, events, most, shorter(ms));
}
int poll(struct pollfd *fds, nfds_t count, int ms) {
    static int (*next)(struct pollfd *, nfds_t, int);
    if (!next) next = (int (*)(struct pollfd *, nfds_t, int))dlsym(RTLD_NEXT, "poll");
    return next(fds, count, shorter(ms));
}
int nanosleep(const struct timespec *length, struct timespec *rest) {
    static int (*next)(const struct timespec *, struct timespec *);
    if (!next) next = (int (*)(const struct timespec *, struct timespec *))dlsym(RTLD_NEXT, "nanosleep");
    struct timespec less = to(of(length) / times);
    return next(&less, rest);
}
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *length, struct timespec *rest) {
    static int (*next)(clockid_t, int, const struct timespec *, struct timespec *);
    if (!next)
        next = (int (*)(clockid_t, int, const struct timespec *, struct timespec *))dlsym(RTLD_NEXT, "clock_nanosleep");
    struct timespec less = flags & TIMER_ABSTIME && is_faked(clock) ? to(moment(clock, of(length))) : to(of(length) / times);
    return next(clock, flags, &less, rest);
}
int usleep(useconds_t us) {
    struct timespec length = to(us * 1000LL);
    return nanosleep(&length, NULL);
}
int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until) {
    static int (*next)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);
    if (!next)
        next = (int (*)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *))dlsym(RTLD_NEXT, "pthread_cond_clockwait");
    struct timespec real = to(moment(clock, of(until)));
    return next(cond, mutex, clock, &real);
}
// By the clock of the day, as a condition without attributes has it.
int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
    return pthread_cond_clockwait(cond, mutex, CLOCK_REALTIME, until);
}
