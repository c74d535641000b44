#include <microhttpd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// The library is used without a thread of its own: whoever owns it waits for one descriptor and then calls
// `cmicrohttpd_run`. Handlers run in there, on the owner's thread, and look at nothing but the page that was put there.

/// What is answered, made anew by the owner before each run.
typedef struct {
    /// The figures; owned here.
    char *figures;
    size_t figures_bytes;
    /// One line about the server's health; owned here.
    char *health;
    size_t health_bytes;
    bool is_healthy;
} cmicrohttpd_page;

typedef struct {
    struct MHD_Daemon *daemon;
    cmicrohttpd_page page;
} cmicrohttpd_server;

static inline enum MHD_Result cmicrohttpd_answer(
    struct MHD_Connection *connection, unsigned int status, const char *text, size_t count, const char *type) {
    // Copied: the page may be another one before a slow reader has all of it.
    struct MHD_Response *response =
        MHD_create_response_from_buffer(count, (void *)text, MHD_RESPMEM_MUST_COPY);
    if (response == NULL) return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED) MHD_add_response_header(response, "Allow", "GET, HEAD");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static inline enum MHD_Result cmicrohttpd_handle(
    void *context, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
    const char *upload, size_t *upload_bytes, void **request) {
    // Answered at the first call, when the head is there: what is sent behind it is never taken.
    (void)version;
    (void)upload;
    (void)upload_bytes;
    (void)request;
    const cmicrohttpd_page *page = &((const cmicrohttpd_server *)context)->page;
    const char *plain = "text/plain; charset=utf-8";
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        return cmicrohttpd_answer(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET\n", 4, plain);
    }
    if (strcmp(path, "/metrics") == 0) {
        return cmicrohttpd_answer(connection, MHD_HTTP_OK, page->figures, page->figures_bytes,
                                  "text/plain; version=0.0.4; charset=utf-8");
    }
    if (strcmp(path, "/healthz") == 0) {
        unsigned int status = page->is_healthy ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
        return cmicrohttpd_answer(connection, status, page->health, page->health_bytes, plain);
    }
    return cmicrohttpd_answer(connection, MHD_HTTP_NOT_FOUND, "/metrics /healthz\n", 18, plain);
}

/// What the library would print on standard error: about peers that break the protocol, and nothing that anybody needs.
static inline void cmicrohttpd_silence(void *context, const char *format, va_list arguments) {
    (void)context;
    (void)format;
    (void)arguments;
}

/// Serves connections of a listening socket, which stays the caller's.
///
/// - `connections`: how many may be open; others wait in the socket. `seconds`: how long one may be idle. `memory`: bytes
///   that one may take; a longer head of a request is refused.
/// Returns NULL when it can't be done.
static inline cmicrohttpd_server *cmicrohttpd_start(int listener, unsigned int connections, unsigned int seconds,
                                                    size_t memory) {
    cmicrohttpd_server *server = (cmicrohttpd_server *)calloc(1, sizeof *server);
    if (server == NULL) return NULL;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, &cmicrohttpd_handle, server, MHD_OPTION_EXTERNAL_LOGGER, &cmicrohttpd_silence,
        NULL, MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_TIMEOUT, seconds, MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory, MHD_OPTION_END);
    if (server->daemon == NULL) {
        free(server);
        return NULL;
    }
    return server;
}

/// Closes all connections.
static inline void cmicrohttpd_stop(cmicrohttpd_server *server) {
    // Without this the library would close the socket that listens, which is not its own.
    MHD_quiesce_daemon(server->daemon);
    MHD_stop_daemon(server->daemon);
    free(server->page.figures);
    free(server->page.health);
    free(server);
}

/// Readable when `cmicrohttpd_run` has something to do; -1 where there is no such descriptor.
static inline int cmicrohttpd_descriptor(cmicrohttpd_server *server) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info == NULL ? -1 : info->epoll_fd;
}

/// How many milliseconds from now `cmicrohttpd_run` has something to do though nothing comes; -1: never.
static inline long long cmicrohttpd_timeout(cmicrohttpd_server *server) {
    unsigned long long milliseconds = 0;
    if (MHD_get_timeout(server->daemon, &milliseconds) != MHD_YES) return -1;
    return milliseconds > 3600000 ? 3600000 : (long long)milliseconds;
}

/// Does what can be done now without waiting.
static inline void cmicrohttpd_run(cmicrohttpd_server *server) {
    MHD_run(server->daemon);
}

/// How many connections are open.
static inline unsigned int cmicrohttpd_connections(cmicrohttpd_server *server) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info == NULL ? 0 : info->num_connections;
}

static inline bool cmicrohttpd_put(char **place, size_t *place_bytes, const void *bytes, size_t count) {
    char *copy = (char *)malloc(count + 1);
    if (copy == NULL) return false;
    memcpy(copy, bytes, count);
    copy[count] = '\0';
    free(*place);
    *place = copy;
    *place_bytes = count;
    return true;
}

/// What is answered from now on; both texts are copied. False when there is no memory for them.
static inline bool cmicrohttpd_set_page(cmicrohttpd_server *server, const void *figures, size_t figures_bytes,
                                        const void *health, size_t health_bytes, bool is_healthy) {
    server->page.is_healthy = is_healthy;
    return cmicrohttpd_put(&server->page.figures, &server->page.figures_bytes, figures, figures_bytes) &&
           cmicrohttpd_put(&server->page.health, &server->page.health_bytes, health, health_bytes);
}
